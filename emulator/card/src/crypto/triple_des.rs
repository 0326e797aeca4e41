//! Triple DES in CBC mode from an initial vector of zeros, and the retail MAC (ISO/IEC 9797-1 MAC
//! algorithm 3): what symmetric keys of a CNS do.

use core::fmt;

use cbc::cipher::block_padding::{Iso7816, NoPadding};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use des::{Des, TdesEde3};
use retail_mac::{KeyInit, Mac, RetailMac};
use zeroize::Zeroize;

use super::equal;

/// The length of a DES block, and of a MAC, in bytes.
pub(crate) const BLOCK: usize = 8;

const ZEROS: [u8; BLOCK] = [0; BLOCK];

/// A triple-DES key of two or three parts. It has no `Debug` that shows the key.
#[derive(Clone, Eq, PartialEq)]
pub struct TripleDesKey([u8; 24]);

impl TripleDesKey {
    /// A key of 16 bytes (the third part is the first again) or 24 bytes; none of another length.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut key = [0; 24];
        match bytes.len() {
            16 => {
                let (whole, first) = key.split_at_mut(16);
                whole.copy_from_slice(bytes);
                first.copy_from_slice(bytes.get(..8)?);
            }
            24 => key.copy_from_slice(bytes),
            _ => return None,
        }
        Some(Self(key))
    }

    /// The three parts, 24 bytes.
    pub(crate) fn as_bytes(&self) -> &[u8; 24] {
        &self.0
    }

    /// Enciphers whole blocks; none when there are no whole blocks.
    pub(crate) fn encipher(&self, blocks: &[u8]) -> Option<Vec<u8>> {
        is_whole(blocks).then(|| self.encryptor().encrypt_padded_vec::<NoPadding>(blocks))
    }

    /// Deciphers whole blocks; none when there are no whole blocks.
    pub(crate) fn decipher(&self, blocks: &[u8]) -> Option<Vec<u8>> {
        match is_whole(blocks) {
            true => self
                .decryptor()
                .decrypt_padded_vec::<NoPadding>(blocks)
                .ok(),
            false => None,
        }
    }

    /// Pads by ISO/IEC 9797-1 method 2 (80, then zeros, always) and enciphers.
    pub(crate) fn encipher_padded(&self, data: &[u8]) -> Vec<u8> {
        self.encryptor().encrypt_padded_vec::<Iso7816>(data)
    }

    /// Deciphers and takes the padding of method 2 off; none when it is not there.
    pub(crate) fn decipher_padded(&self, blocks: &[u8]) -> Option<Vec<u8>> {
        match is_whole(blocks) {
            true => self.decryptor().decrypt_padded_vec::<Iso7816>(blocks).ok(),
            false => None,
        }
    }

    /// The retail MAC of data, padded by method 2, under the first two parts of the key.
    pub(crate) fn mac(&self, data: &[u8]) -> [u8; BLOCK] {
        let [first, second, _] = self.parts();
        let key = [*first, *second].concat();
        let mut mac = <RetailMac<Des> as KeyInit>::new_from_slice(&key)
            .expect("two parts of eight bytes are its key");
        mac.update(data);
        mac.update(&[0x80]);
        // The library fills the last block with zeros, which completes method 2.
        mac.finalize().into_bytes().into()
    }

    /// Whether this is the MAC of the data; in constant time.
    pub(crate) fn verifies(&self, data: &[u8], mac: &[u8]) -> bool {
        equal(&self.mac(data), mac)
    }

    fn parts(&self) -> [&[u8; BLOCK]; 3] {
        let (parts, _) = self.0.as_chunks::<BLOCK>();
        match parts {
            [first, second, third] => [first, second, third],
            _ => [&ZEROS; 3],
        }
    }

    fn encryptor(&self) -> cbc::Encryptor<TdesEde3> {
        cbc::Encryptor::new(&self.0.into(), &ZEROS.into())
    }

    fn decryptor(&self) -> cbc::Decryptor<TdesEde3> {
        cbc::Decryptor::new(&self.0.into(), &ZEROS.into())
    }
}

fn is_whole(blocks: &[u8]) -> bool {
    !blocks.is_empty() && blocks.len().is_multiple_of(BLOCK)
}

impl fmt::Debug for TripleDesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TripleDesKey")
    }
}

impl Drop for TripleDesKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cns_apdu::hex;

    fn bytes(text: &str) -> Vec<u8> {
        hex::decode(text).unwrap()
    }

    /// The worked example of mutual authentication in ICAO Doc 9303-11, appendix D.3.
    #[test]
    fn the_worked_example_of_icao_9303() {
        let encryption = TripleDesKey::new(&bytes("AB94FDECF2674FDFB9B391F85D7F76F2")).unwrap();
        let mac = TripleDesKey::new(&bytes("7962D9ECE03D1ACD4C76089DCE131543")).unwrap();
        let message = bytes("781723860C06C2264608F919887022120B795240CB7049B01C19B33E32804F0B");
        let cryptogram = bytes("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2");
        assert_eq!(encryption.encipher(&message).unwrap(), cryptogram);
        assert_eq!(encryption.decipher(&cryptogram).unwrap(), message);
        assert_eq!(mac.mac(&cryptogram).to_vec(), bytes("5F1448EEA8AD90A7"));
    }

    #[test]
    fn the_padding_is_always_there() {
        let key = TripleDesKey::new(&[7; 24]).unwrap();
        for length in 0..17 {
            let data = vec![0xAA; length];
            let cryptogram = key.encipher_padded(&data);
            assert_eq!(cryptogram.len(), length / 8 * 8 + 8);
            assert_eq!(key.decipher_padded(&cryptogram), Some(data));
        }
        assert_eq!(key.decipher_padded(&[]), None);
        assert_eq!(key.decipher_padded(&[0; 7]), None);
    }
}
