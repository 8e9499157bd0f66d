//! The Merkle tree of RFC 6962 over SM3: leaves prefixed 0x00, nodes 0x01, the empty tree SM3 of nothing.

use super::Refusal;

/// A leaf, a node or a root.
pub type Hash = [u8; 32];

/// The leaf of some bytes.
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    gm::sm3::digest_parts(&[&[0], bytes])
}

fn node(left: &Hash, right: &Hash) -> Hash {
    gm::sm3::digest_parts(&[&[1], left, right])
}

/// The right edge of a growing tree: the roots of the perfect subtrees its size is the sum of, largest first.
/// Enough to append and to know the root; 8 + 32 × (at most 64) bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut top = leaf;
        // Each one bit at the low end of the size is a perfect subtree that the new one completes.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                top = node(&left, &top);
            }
        }
        self.peaks.push(top);
        self.size += 1;
    }

    /// Appends many leaves: one node hash for each, on average.
    pub fn extend(&mut self, leaves: &[Hash]) {
        for leaf in leaves {
            self.push(*leaf);
        }
    }

    /// The frontier after `leaves`.
    pub fn extended(&self, leaves: &[Hash]) -> Self {
        let mut after = self.clone();
        after.extend(leaves);
        after
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return gm::sm3::digest(&[]) };
        peaks.fold(*last, |right, left| node(left, &right))
    }

    /// Its bytes: the size, then the peaks.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + 32 * self.peaks.len());
        out.extend(self.size.to_be_bytes());
        out.extend(self.peaks.iter().flatten());
        out
    }

    /// Reads a frontier. Refuses: malformed.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        let malformed = Refusal::Malformed { what: "frontier" };
        let (size, peaks) = bytes.split_first_chunk().ok_or(malformed)?;
        let size = u64::from_be_bytes(*size);
        let (peaks, rest) = peaks.as_chunks();
        if !rest.is_empty() || u64::from(size.count_ones()) != peaks.len() as u64 {
            return Err(malformed);
        }
        Ok(Self { size, peaks: peaks.to_vec() })
    }
}

/// The root over `leaves`.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => gm::sm3::digest(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The audit path of leaf `index` in the tree over `leaves`, from the leaf upwards. Refuses: out of range.
pub fn inclusion(leaves: &[Hash], index: usize) -> Result<Vec<Hash>, Refusal> {
    if index >= leaves.len() {
        return Err(Refusal::OutOfRange);
    }
    let (mut path, mut leaves, mut index) = (Vec::new(), leaves, index);
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            index -= left.len();
            leaves = right;
        }
    }
    path.reverse();
    Ok(path)
}

/// The audit path of leaf `index` in the tree that `leaves` make of the one whose right edge is `before`, from the leaf
/// upwards; what lies before the edge need not be read again. Refuses: out of range, also for a leaf before the edge.
pub fn inclusion_after(before: &Frontier, leaves: &[Hash], index: u64) -> Result<Vec<Hash>, Refusal> {
    let size = before.size + leaves.len() as u64;
    if index < before.size || index >= size {
        return Err(Refusal::OutOfRange);
    }
    let (mut path, mut first, mut end) = (Vec::new(), 0, size);
    while end - first > 1 {
        let middle = first + (1 << (end - first - 1).ilog2());
        if index < middle {
            path.push(subtree(before, leaves, middle, end)?);
            end = middle;
        } else {
            path.push(subtree(before, leaves, first, middle)?);
            first = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The root over the leaves from `first` to `end`, a node of the tree.
fn subtree(before: &Frontier, leaves: &[Hash], first: u64, end: u64) -> Result<Hash, Refusal> {
    if let Some(start) = first.checked_sub(before.size) {
        let range = usize::try_from(start).ok().zip(usize::try_from(end - before.size).ok());
        let within = range.and_then(|(start, end)| leaves.get(start..end));
        return within.map(root).ok_or(Refusal::OutOfRange);
    }
    let mut at = 0;
    for (peak, bit) in before.peaks.iter().zip((0..64).rev().filter(|bit| before.size >> bit & 1 == 1)) {
        if (at, at + (1 << bit)) == (first, end) {
            return Ok(*peak);
        }
        at += 1 << bit;
    }
    // Not one of the edge's subtrees, so it reaches past the edge.
    if end <= before.size {
        return Err(Refusal::OutOfRange);
    }
    let middle = first + (1 << (end - first - 1).ilog2());
    let (left, right) = (subtree(before, leaves, first, middle)?, subtree(before, leaves, middle, end)?);
    Ok(node(&left, &right))
}

/// Does `path` lead from `leaf` at `index` to `root` of a tree of `size` leaves (RFC 9162, 2.1.3.2)? Refuses:
/// out of range, unproven.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), Refusal> {
    if index >= size {
        return Err(Refusal::OutOfRange);
    }
    let (mut at, mut last, mut top) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return Err(Refusal::Unproven);
        }
        if at & 1 == 1 || at == last {
            top = node(sibling, &top);
            (at, last) = ascend(at, last, at.trailing_zeros());
        } else {
            top = node(&top, sibling);
            (at, last) = ascend(at, last, 0);
        }
    }
    if last == 0 && top == *root { Ok(()) } else { Err(Refusal::Unproven) }
}

/// The proof that the tree over the first `first` of `leaves` is the beginning of the tree over all of them.
/// Refuses: out of range.
pub fn consistency(leaves: &[Hash], first: usize) -> Result<Vec<Hash>, Refusal> {
    if first == 0 || first > leaves.len() {
        return Err(Refusal::OutOfRange);
    }
    let (mut proof, mut leaves, mut first, mut whole) = (Vec::new(), leaves, first, true);
    while first < leaves.len() {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if first <= left.len() {
            proof.push(root(right));
            leaves = left;
        } else {
            proof.push(root(left));
            first -= left.len();
            leaves = right;
            whole = false;
        }
    }
    if !whole {
        proof.push(root(leaves));
    }
    proof.reverse();
    Ok(proof)
}

/// Does `proof` show that the tree (`first`, `first_root`) is the beginning of (`second`, `second_root`) (RFC
/// 9162, 2.1.4.2)? Refuses: out of range, unproven.
pub fn verify_consistency(
    (first, first_root): (u64, &Hash),
    (second, second_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), Refusal> {
    if first == 0 || first > second {
        return Err(Refusal::OutOfRange);
    }
    if first == second {
        let same = proof.is_empty() && first_root == second_root;
        return if same { Ok(()) } else { Err(Refusal::Unproven) };
    }
    let (start, proof) = if first.is_power_of_two() {
        (first_root, proof)
    } else {
        let (start, rest) = proof.split_first().ok_or(Refusal::Unproven)?;
        (start, rest)
    };
    let shift = (first - 1).trailing_ones();
    let (mut at, mut last) = ((first - 1) >> shift, (second - 1) >> shift);
    let (mut old, mut new) = (*start, *start);
    for sibling in proof {
        if last == 0 {
            return Err(Refusal::Unproven);
        }
        if at & 1 == 1 || at == last {
            old = node(sibling, &old);
            new = node(sibling, &new);
            (at, last) = ascend(at, last, at.trailing_zeros());
        } else {
            new = node(&new, sibling);
            (at, last) = ascend(at, last, 0);
        }
    }
    if last == 0 && old == *first_root && new == *second_root { Ok(()) } else { Err(Refusal::Unproven) }
}

/// The places of a node and of the last node one level up, `skipped` levels without a sibling passed over.
fn ascend(at: u64, last: u64, skipped: u32) -> (u64, u64) {
    let up = |place: u64| place.checked_shr(skipped + 1).unwrap_or(0);
    (up(at), up(last))
}

/// The largest power of two below `length`, which is at least 2.
fn split(length: usize) -> usize {
    1 << (length - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
    }

    fn size(leaves: &[Hash]) -> u64 {
        leaves.len() as u64
    }

    #[test]
    fn hashes_are_prefixed_so_that_no_leaf_is_a_node() {
        let [a, b] = [leaf_hash(b"a"), leaf_hash(b"b")];
        assert_eq!(a, gm::sm3::digest(b"\0a"));
        assert_eq!(root(&[a, b]), gm::sm3::digest(&[&[1][..], &a, &b].concat()));
        assert_eq!(root(&[]), gm::sm3::digest(b""));
        assert_eq!(root(&[a]), a);
    }

    #[test]
    fn the_frontier_has_the_root_of_the_tree_at_every_size() {
        let leaves = leaves(130);
        let mut frontier = Frontier::default();
        for count in 0..leaves.len() {
            assert_eq!((frontier.size(), frontier.root()), (count as u64, root(&leaves[..count])));
            assert_eq!(Frontier::decode(&frontier.encode()), Ok(frontier.clone()));
            frontier.push(leaves[count]);
        }
        let mut at_once = Frontier::default();
        at_once.extend(&leaves);
        assert_eq!(at_once, frontier);
    }

    #[test]
    fn a_frontier_of_the_wrong_length_is_refused() {
        let mut frontier = Frontier::default();
        frontier.extend(&leaves(5));
        let bytes = frontier.encode();
        for bad in
            [&bytes[..0], &bytes[..7], &bytes[..8], &bytes[..71], &[bytes.as_slice(), &[0; 32]].concat()]
        {
            assert_eq!(Frontier::decode(bad), Err(Refusal::Malformed { what: "frontier" }));
        }
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proven_and_no_other() {
        for count in 1..=33 {
            let leaves = leaves(count);
            let root = root(&leaves);
            for index in 0..count {
                let path = inclusion(&leaves, index).unwrap();
                let verify = |leaf: &Hash, index: usize, path: &[Hash]| {
                    verify_inclusion(leaf, index as u64, size(&leaves), path, &root)
                };
                assert_eq!(verify(&leaves[index], index, &path), Ok(()), "{index} of {count}");
                assert!(verify(&leaf_hash(b"other"), index, &path).is_err());
                assert!(verify(&leaves[index], index, &[path.as_slice(), &[root]].concat()).is_err());
                for other in (0..count).filter(|other| *other != index) {
                    assert!(verify(&leaves[index], other, &path).is_err(), "{index} as {other} of {count}");
                }
                for cut in 0..path.len() {
                    assert!(verify(&leaves[index], index, &path[..cut]).is_err());
                }
            }
            assert_eq!(inclusion(&leaves, count), Err(Refusal::OutOfRange));
        }
    }

    #[test]
    fn a_path_made_from_an_edge_is_the_path_made_from_all_leaves() {
        let leaves = leaves(40);
        for known in 0..leaves.len() {
            let before = Frontier::default().extended(&leaves[..known]);
            for index in 0..leaves.len() {
                let path = inclusion_after(&before, &leaves[known..], index as u64);
                let expected =
                    if index < known { Err(Refusal::OutOfRange) } else { inclusion(&leaves, index) };
                assert_eq!(path, expected, "{index} after {known}");
            }
            assert_eq!(inclusion_after(&before, &leaves[known..], 40), Err(Refusal::OutOfRange));
        }
    }

    #[test]
    fn every_beginning_of_every_small_tree_is_proven_and_no_other() {
        for count in 1..=33 {
            let leaves = leaves(count);
            let whole = (size(&leaves), &root(&leaves));
            for first in 1..=count {
                let proof = consistency(&leaves, first).unwrap();
                let beginning = root(&leaves[..first]);
                assert_eq!(
                    verify_consistency((first as u64, &beginning), whole, &proof),
                    Ok(()),
                    "{first} of {count}"
                );
                let other = leaf_hash(b"other");
                assert!(verify_consistency((first as u64, &other), whole, &proof).is_err());
                assert!(verify_consistency((first as u64, &beginning), (whole.0, &other), &proof).is_err());
                let longer = [proof.as_slice(), &[other]].concat();
                assert!(verify_consistency((first as u64, &beginning), whole, &longer).is_err());
            }
            assert_eq!(consistency(&leaves, 0), Err(Refusal::OutOfRange));
            assert_eq!(consistency(&leaves, count + 1), Err(Refusal::OutOfRange));
        }
    }

    proptest! {
        #[test]
        fn proofs_with_one_changed_bit_are_refused(
            count in 2_usize..200,
            pick: prop::sample::Index,
            bit in 0_usize..256,
        ) {
            let leaves = leaves(count);
            let root_of_all = root(&leaves);
            let index = pick.index(count);
            let mut path = inclusion(&leaves, index).unwrap();
            let at = pick.index(path.len());
            path[at][bit / 8] ^= 1 << (bit % 8);
            let (leaf, index_of, size) = (&leaves[index], index as u64, count as u64);
            prop_assert!(verify_inclusion(leaf, index_of, size, &path, &root_of_all).is_err());
            let mut proof = consistency(&leaves, index + 1).unwrap();
            if !proof.is_empty() {
                let at = pick.index(proof.len());
                proof[at][bit / 8] ^= 1 << (bit % 8);
                let first = (index as u64 + 1, &root(&leaves[..=index]));
                prop_assert!(verify_consistency(first, (count as u64, &root_of_all), &proof).is_err());
            }
        }

        #[test]
        fn verifying_any_proof_never_panics(
            index: u64,
            size: u64,
            path in proptest::collection::vec(any::<Hash>(), 0..70),
        ) {
            let root = [7; 32];
            prop_assert!(verify_inclusion(&root, index, size, &path, &root).is_err() || path.is_empty());
            prop_assert!(verify_consistency((index, &root), (size, &root), &path).is_err() || index == size);
        }
    }
}
