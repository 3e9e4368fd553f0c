//! The content security policy of the page: nothing is loaded, and only the script and style that
//! splitter wrote may run, each named by the hash of its text.

/// The policy for one script and one style text.
pub(super) fn policy(script: &str, style: &str) -> String {
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; \
         base-uri 'none'; form-action 'none'",
        base64(&sha256(script.as_bytes())),
        base64(&sha256(style.as_bytes()))
    )
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_u32, |word, idx| word << 8 | u32::from(*chunk.get(idx).unwrap_or(&0)));
        for idx in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * idx) & 63) as usize];
            out.push(if idx <= chunk.len() { letter as char } else { '=' });
        }
    }
    out
}

/// The first `N` primes' roots, as the standard makes its constants: the first 32 bits of the
/// fractional part of the root of degree `root`.
fn constants<const N: usize>(root: u32) -> [u32; N] {
    let mut out = [0; N];
    let mut n_found = 0;
    let mut candidate = 2_u128;
    while n_found < N {
        if (2..candidate).take_while(|d| d * d <= candidate).all(|d| !candidate.is_multiple_of(d)) {
            // floor(root(candidate) * 2^32), by bisection on integers: exact.
            let target = candidate << (32 * root);
            let (mut low, mut high) = (0_u128, 1 << 40);
            while high - low > 1 {
                let middle = (low + high) / 2;
                if middle.pow(root) <= target { low = middle } else { high = middle }
            }
            out[n_found] = low as u32;
            n_found += 1;
        }
        candidate += 1;
    }
    out
}

/// SHA-256 as in FIPS 180-4. Browsers name scripts by this hash; two hashes of some kilobytes in a run
/// are no reason for a dependency.
fn sha256(message: &[u8]) -> [u8; 32] {
    let k: [u32; 64] = constants(3);
    let mut state: [u32; 8] = constants(2);
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut w = [0_u32; 64];
        for (word, bytes) in w.iter_mut().zip(block.chunks(4)) {
            *word = u32::from_be_bytes(bytes.try_into().expect("blocks are whole"));
        }
        for t in 16..64 {
            let s0 = w[t - 15].rotate_right(7) ^ w[t - 15].rotate_right(18) ^ (w[t - 15] >> 3);
            let s1 = w[t - 2].rotate_right(17) ^ w[t - 2].rotate_right(19) ^ (w[t - 2] >> 10);
            w[t] = w[t - 16].wrapping_add(s0).wrapping_add(w[t - 7]).wrapping_add(s1);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for t in 0..64 {
            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let choice = (e & f) ^ (!e & g);
            let t1 = h.wrapping_add(s1).wrapping_add(choice).wrapping_add(k[t]).wrapping_add(w[t]);
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let majority = (a & b) ^ (a & c) ^ (b & c);
            (h, g, f, e) = (g, f, e, d.wrapping_add(t1));
            (d, c, b, a) = (c, b, a, t1.wrapping_add(s0.wrapping_add(majority)));
        }
        for (sum, word) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *sum = sum.wrapping_add(word);
        }
    }
    let mut out = [0; 32];
    for (bytes, word) in out.chunks_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str) -> String {
        sha256(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The examples of the standard, one of them of exactly one block's length with its padding.
    #[test]
    fn the_hashes_are_those_of_the_standard() {
        assert_eq!(hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(
            hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        );
    }

    #[test]
    fn base64_is_padded() {
        assert_eq!([base64(b"f"), base64(b"fo"), base64(b"foo")], ["Zg==", "Zm8=", "Zm9v"]);
    }
}
