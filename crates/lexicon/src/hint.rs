//! What may stand in the place of a name that nothing has: the nearest names, and where all of them are.

/// More names than these are not told one by one.
const FEW: usize = 16;
/// So many names can have been meant.
const MOST_NEAR: usize = 3;

/// A line that says which of `names` was meant, and what else may stand there; `file` has all of them.
pub(crate) fn hint<'n>(found: &str, names: impl IntoIterator<Item = &'n str>, file: &str) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    let near = match nearest(found, &names).as_slice() {
        [] => String::new(),
        [one] => format!("did you mean {one}? "),
        [most @ .., last] => format!("did you mean {} or {last}? ", most.join(", ")),
    };
    if names.len() > FEW {
        return format!("hint: {near}{file} has all that may stand there");
    }
    format!("hint: {near}there may stand {}", names.join(", "))
}

/// The names that differ in the fewest characters, the nearest first; none when all of them are something else.
fn nearest<'n>(found: &str, names: &[&'n str]) -> Vec<&'n str> {
    let length = found.chars().count();
    // At least half of the characters must be right, and of long names all but a few.
    let far = (length / 2).min(3);
    let mut near: Vec<(usize, std::cmp::Reverse<usize>, &str)> = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(found, name), *name))
        .filter(|(distance, _)| (1..=far).contains(distance))
        .map(|(distance, name)| (distance, std::cmp::Reverse(shared(found, name)), name))
        .collect();
    near.sort_unstable();
    near.dedup();
    let best = near.first().map(|(distance, ..)| *distance);
    let near = near.into_iter().filter(|(distance, ..)| Some(*distance) == best);
    near.map(|(.., name)| name).take(MOST_NEAR).collect()
}

/// How many characters both begin with.
fn shared(left: &str, right: &str) -> usize {
    left.chars().zip(right.chars()).take_while(|(l, r)| l == r).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_are_told_first() {
        let codes = ["110101", "110102", "110109", "110119", "120101"];
        let many: Vec<String> = (100..120).map(|number| format!("name{number}")).collect();
        let many = || many.iter().map(String::as_str);
        assert_eq!(
            hint("110199", codes, "places.tsv"),
            "hint: did you mean 110109 or 110119? there may stand 110101, 110102, 110109, 110119, 120101"
        );
        assert_eq!(hint("斤", ["件", "条"], "units.tsv"), "hint: there may stand 件, 条");
        assert_eq!(
            hint("nmae107", many(), "names.tsv"),
            "hint: did you mean name107? names.tsv has all that may stand there"
        );
        assert_eq!(
            hint("nothing", many(), "names.tsv"),
            "hint: names.tsv has all that may stand there"
        );
    }
}
