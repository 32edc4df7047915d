//! Makes an input that shows a fault smaller, as long as it shows the same: blocks are taken out, halves first, then
//! bytes become plain ones.

/// Bytes that say the least.
const PLAIN: [u8; 3] = [b'0', b' ', b'a'];

/// The smallest input found for which `fails` is true, as it is for `input`, in at most `tries` tries.
pub fn minimise(input: &[u8], tries: usize, fails: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut shrinking = Shrinking { tries, fails };
    let mut best = input.to_vec();
    loop {
        let before = best.clone();
        shrinking.take_out(&mut best);
        shrinking.make_plain(&mut best);
        if best == before || shrinking.tries == 0 {
            return best;
        }
    }
}

struct Shrinking<F> {
    tries: usize,
    fails: F,
}

impl<F: FnMut(&[u8]) -> bool> Shrinking<F> {
    /// Takes `candidate` when it fails, too.
    fn accept(&mut self, best: &mut Vec<u8>, candidate: Vec<u8>) -> bool {
        if self.tries == 0 || candidate == *best {
            return false;
        }
        self.tries -= 1;
        let fails = (self.fails)(&candidate);
        if fails {
            *best = candidate;
        }
        fails
    }

    fn take_out(&mut self, best: &mut Vec<u8>) {
        let mut size = best.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < best.len() {
                let end = (at + size).min(best.len());
                let candidate = [&best[..at], &best[end..]].concat();
                if !self.accept(best, candidate) {
                    at = end;
                }
            }
            size /= 2;
        }
    }

    fn make_plain(&mut self, best: &mut Vec<u8>) {
        for at in 0..best.len() {
            for plain in PLAIN {
                if PLAIN.contains(&best[at]) {
                    break;
                }
                let mut candidate = best.clone();
                candidate[at] = plain;
                self.accept(best, candidate);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::minimise;

    #[test]
    fn what_does_not_matter_goes() {
        let check = |input: &[u8], tries: usize, expected: &[u8]| {
            let fails = |bytes: &[u8]| bytes.windows(2).any(|pair| pair == b"<t") && bytes.contains(&b'7');
            assert_eq!(minimise(input, tries, fails), expected);
        };
        check(b"many <tr> words 123 and 567 numbers", 10_000, b"<t7");
        check(b"7 <t", 10_000, b"7<t");
        check(b"<t7", 10_000, b"<t7");
        check(b"7 <t", 0, b"7 <t");
    }
}
