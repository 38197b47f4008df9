//! Finding things again by a text: one small hash table for whatever stands in a list of its own.

/// Places in a list by the hashes of their texts. Whoever asks compares the text itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// The newest entry of every hash's lowest bits, counted from 1.
    heads: Vec<u32>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    place: u32,
    /// The entry before it with the same lowest bits, counted from 1.
    before: u32,
}

/// Returns the hash of a text given in parts (FNV-1a).
pub(crate) fn hash(parts: &[&str]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for part in parts {
        for byte in part.bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    hash
}

impl Index {
    /// Adds a place.
    pub(crate) fn add(&mut self, hash: u32, place: u32) {
        if self.entries.len() >= self.heads.len() {
            self.grow();
        }
        self.entries.push(Entry {
            hash,
            place,
            before: 0,
        });
        self.link(self.entries.len());
    }

    /// Returns the place of a text: the newest with this hash that fits.
    pub(crate) fn find(&self, hash: u32, fits: &mut dyn FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.head(hash).and_then(|it| self.heads.get(it)).copied()?;
        while let Some(entry) = at
            .checked_sub(1)
            .and_then(|it| self.entries.get(it as usize))
        {
            if entry.hash == hash && fits(entry.place) {
                return Some(entry.place);
            }
            at = entry.before;
        }
        None
    }

    fn head(&self, hash: u32) -> Option<usize> {
        Some(hash as usize & self.heads.len().checked_sub(1)?)
    }

    fn grow(&mut self) {
        let room = (self.heads.len() * 2).max(64);
        self.heads = vec![0; room];
        for at in 1..=self.entries.len() {
            self.link(at);
        }
    }

    /// Makes an entry, counted from 1, the newest of its chain.
    fn link(&mut self, at: usize) {
        let Some(entry) = self.entries.get(at - 1) else {
            return;
        };
        let head = self.head(entry.hash).and_then(|it| self.heads.get_mut(it));
        if let (Some(head), Some(entry)) = (head, self.entries.get_mut(at - 1)) {
            entry.before = std::mem::replace(head, u32::try_from(at).unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_found_again_the_newest_first() {
        let mut index = Index::default();
        let words: Vec<String> = (0..500).map(|it| (it % 250).to_string()).collect();
        for (place, word) in (0..).zip(&words) {
            index.add(hash(&[word]), place);
        }
        for (place, word) in (0..250).zip(&words) {
            let same = &mut |it: u32| words.get(it as usize) == Some(word);
            assert_eq!(index.find(hash(&[word]), same), Some(place + 250));
        }
        assert_eq!(index.find(hash(&["x"]), &mut |_| true), None);
        assert_eq!(hash(&["ab", "c"]), hash(&["abc"]));
    }
}
