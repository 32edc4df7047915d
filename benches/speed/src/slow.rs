//! Shapes of pages that could take more than linear time: one piece over and over, at three sizes. What reading takes for a
//! kilobyte must not grow with the page, and no shape may take many times what the others do.

use std::fmt;
use std::hint::black_box;
use std::time::Instant;

use gongkai_extract::Extractor;
use gongkai_page::{Limits, PageKind};
use gongkai_shapes::{Shape, shapes};
use serde::Serialize;

/// Bytes of the pages, and how often each is read; the best counts.
const SIZES: [(usize, usize); 3] = [(200_000, 5), (800_000, 3), (3_200_000, 2)];
/// No shape may take more than so many times the median.
const MOST: f64 = 5.0;

/// What the shapes take.
#[derive(Debug, Clone, Serialize)]
pub struct Slow {
    /// Median over the shapes at each size, in microseconds a kilobyte.
    pub median: [f64; SIZES.len()],
    /// Each of them.
    pub shapes: Vec<ShapeTime>,
}

/// What one shape takes.
#[derive(Debug, Clone, Serialize)]
pub struct ShapeTime {
    /// Its name.
    pub shape: &'static str,
    /// Decoding, paging and extracting at each size, in microseconds a kilobyte.
    pub microseconds: [f64; SIZES.len()],
}

/// Reads every shape at every size, on one thread.
///
/// # Errors
/// When the table of shapes is wrong.
pub fn measure(extractor: &Extractor) -> anyhow::Result<Slow> {
    let shapes = shapes().map_err(anyhow::Error::msg)?;
    let shapes: Vec<ShapeTime> = shapes
        .iter()
        .map(|shape| ShapeTime {
            shape: shape.name,
            microseconds: SIZES.map(|(bytes, rounds)| time(shape, bytes, rounds, extractor)),
        })
        .collect();
    let mut median = [0.0; SIZES.len()];
    for (size, median) in median.iter_mut().enumerate() {
        *median = middle(shapes.iter().map(|shape| shape.microseconds[size]).collect());
    }
    Ok(Slow { median, shapes })
}

/// Microseconds a kilobyte of one shape at one size.
#[allow(clippy::cast_precision_loss)]
fn time(shape: &Shape, bytes: usize, rounds: usize, extractor: &Extractor) -> f64 {
    let text = shape.page(bytes);
    let kind = if shape.html { PageKind::Html } else { PageKind::Text };
    let read = || {
        let started = Instant::now();
        let page = gongkai_page::read(text.as_bytes(), kind, &Limits::default());
        black_box(extractor.extract(&page, ""));
        started.elapsed().as_secs_f64()
    };
    let best = (0..rounds).map(|_| read()).fold(f64::INFINITY, f64::min);
    best * 1e6 / (text.len() as f64 / 1e3)
}

/// The median.
fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

impl ShapeTime {
    /// What a kilobyte of the largest page takes over what one of the smallest does: 1 is linear, and caps make it less.
    fn growth(&self) -> f64 {
        let [first, .., last] = self.microseconds;
        last / first
    }
}

impl Slow {
    /// The shapes that take more than the mark at some size, and how many times the median that is.
    fn above(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let shapes = self.shapes.iter().map(|shape| {
            let times = shape.microseconds.iter().zip(&self.median);
            let most = times.map(|(time, median)| time / median).fold(0.0, f64::max);
            (shape.shape, most)
        });
        shapes.filter(|(_, most)| *most > MOST)
    }
}

impl fmt::Display for Slow {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [small, middle, large] = SIZES.map(|(bytes, _)| format!("{:.1} MB", bytes as f64 / 1e6));
        writeln!(
            to,
            "{:<52}{small:>10}{middle:>10}{large:>10}    growth",
            "shapes     µs a kilobyte"
        )?;
        for shape in &self.shapes {
            let [small, middle, large] = shape.microseconds;
            writeln!(
                to,
                "           {:<41}{small:>10.1}{middle:>10.1}{large:>10.1}{:>10.2}",
                shape.shape,
                shape.growth()
            )?;
        }
        let [small, middle, large] = self.median;
        write!(
            to,
            "           {:<41}{small:>10.1}{middle:>10.1}{large:>10.1}",
            "median"
        )?;
        let above: Vec<String> = self
            .above()
            .map(|(shape, times)| format!("{shape} ({times:.1})"))
            .collect();
        let word = if above.is_empty() { "reached" } else { "missed" };
        write!(to, "\nmark       at most {MOST} × the median: {word}")?;
        if !above.is_empty() {
            write!(to, " by {}", above.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_above_the_mark_are_named() {
        let shape = |shape, microseconds| ShapeTime { shape, microseconds };
        let slow = Slow {
            median: [10.0, 10.0, 5.0],
            shapes: vec![shape("even", [20.0, 20.0, 20.0]), shape("steep", [10.0, 20.0, 40.0])],
        };
        let said = slow.to_string();
        assert!(
            said.ends_with("at most 5 × the median: missed by steep (8.0)"),
            "{said}"
        );
        assert_eq!(
            slow.shapes.iter().map(ShapeTime::growth).collect::<Vec<_>>(),
            [1.0, 4.0]
        );
        assert_eq!(middle(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
