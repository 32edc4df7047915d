//! Text to bytes, with the declaration that the page makes about them, right or wrong.

use encoding_rs::{BIG5, GB18030, GBK};

use crate::vocabulary::Encoding;

impl Encoding {
    /// The `<meta>` line that declares it; empty when the page declares nothing.
    pub fn declaration(self) -> &'static str {
        match self {
            Self::Utf8 | Self::WrongUtf8 | Self::Utf8Bom => {
                "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">"
            }
            Self::Gb2312Label | Self::WrongGb2312 => {
                "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\">"
            }
            Self::Big5 => "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=big5\">",
            Self::Utf8Undeclared | Self::GbkUndeclared | Self::Utf16 => "",
        }
    }

    /// The bytes of a text. Characters that an encoding lacks become character references, as browsers write them.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 | Self::Utf8Undeclared | Self::WrongGb2312 => text.as_bytes().to_vec(),
            Self::Utf8Bom => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            Self::Gb2312Label | Self::WrongUtf8 => GB18030.encode(text).0.into_owned(),
            Self::GbkUndeclared => GBK.encode(text).0.into_owned(),
            Self::Big5 => BIG5.encode(text).0.into_owned(),
            Self::Utf16 => {
                let units = text.encode_utf16().flat_map(u16::to_le_bytes);
                [0xff, 0xfe].into_iter().chain(units).collect()
            }
        }
    }

    /// The text of bytes, for tests: what a reader gets who knows the encoding.
    pub fn decode(self, bytes: &[u8]) -> String {
        let encoding = match self {
            Self::Utf8 | Self::Utf8Undeclared | Self::WrongGb2312 | Self::Utf8Bom => encoding_rs::UTF_8,
            Self::Gb2312Label | Self::WrongUtf8 => GB18030,
            Self::GbkUndeclared => GBK,
            Self::Big5 => BIG5,
            Self::Utf16 => encoding_rs::UTF_16LE,
        };
        encoding.decode(bytes).0.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_its_text_back() {
        for &encoding in Encoding::ALL {
            let text = if encoding == Encoding::Big5 {
                "政府信息公開工作年度報告 2012"
            } else {
                "政府信息公开年度报告 2012"
            };
            assert_eq!(encoding.decode(&encoding.encode(text)), text, "{}", encoding.name());
        }
    }
}
