//! Counts what reading looks at, in tests: that it grows as the page does is then told without a clock.

#[cfg(test)]
thread_local! {
    static DONE: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Notes so many bytes, words or cells that were looked at.
#[inline]
pub fn note(amount: usize) {
    #[cfg(test)]
    DONE.with(|done| done.set(done.get() + amount as u64));
    #[cfg(not(test))]
    let _ = amount;
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Extractor;
    use gongkai_lexicon::{DataSource, Lexicon};
    use gongkai_page::{Limits, PageKind};

    /// Bytes of a page, and how many times larger the other one is.
    const BYTES: usize = 40_000;
    const LARGER: usize = 5;
    /// What may be above it: the pages are not of exactly these sizes.
    const SLACK: f64 = 1.05;
    /// The most that is looked at for a byte.
    const MOST: f64 = 12.0;

    #[test]
    fn work_grows_as_the_page_does() {
        let extractor = Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap();
        let work = |page: &str, kind: PageKind| {
            let page = gongkai_page::read(page.as_bytes(), kind, &Limits::default());
            DONE.with(|done| done.set(0));
            let _ = extractor.extract(&page, "");
            DONE.with(std::cell::Cell::get) as f64
        };
        let mut wrong = Vec::new();
        for shape in gongkai_shapes::shapes().unwrap() {
            let kind = if shape.html { PageKind::Html } else { PageKind::Text };
            let (small, large) = (shape.page(BYTES), shape.page(LARGER * BYTES));
            let times = large.len() as f64 / small.len() as f64;
            let (less, more) = (work(&small, kind), work(&large, kind));
            let each = more / large.len() as f64;
            if more > less * times * SLACK || each > MOST {
                wrong.push(format!(
                    "{}: {less} grows to {more} in {times:.1} times the page, {each:.0} a byte",
                    shape.name
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
