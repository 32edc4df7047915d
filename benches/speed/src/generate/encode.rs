//! Text to GB18030 at the speed of a look-up: `encoding_rs` decodes fast, but searches when it encodes.

use encoding_rs::GB18030;

/// Two-byte forms by character; 0 where there is none.
#[derive(Debug)]
pub struct Gb(Vec<u16>);

impl Gb {
    /// Decodes every two-byte form once.
    pub fn new() -> Self {
        let mut forms = vec![0; 0x1_0000];
        for lead in 0x81..=0xfe_u8 {
            for trail in (0x40..=0xfe_u8).filter(|trail| *trail != 0x7f) {
                let bytes = [lead, trail];
                let (text, _, failed) = GB18030.decode(&bytes);
                let mut characters = text.chars();
                if let (Some(character), None, false) = (characters.next(), characters.next(), failed)
                    && let Some(form) = forms.get_mut(character as usize)
                {
                    *form = u16::from_be_bytes(bytes);
                }
            }
        }
        Self(forms)
    }

    /// Appends the text in GB18030.
    pub fn encode(&self, text: &str, out: &mut Vec<u8>) {
        for character in text.chars() {
            match self.0.get(character as usize) {
                _ if character.is_ascii() => out.push(character as u8),
                Some(form) if *form != 0 => out.extend(form.to_be_bytes()),
                _ => out.extend(GB18030.encode(character.encode_utf8(&mut [0; 4])).0.iter()),
            }
        }
    }
}
