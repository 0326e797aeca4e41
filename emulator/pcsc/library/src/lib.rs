//! The functions of libpcsclite without a daemon behind them: see the crate `cns-pcsc` for what they
//! do, and how a client is told which cards there are.
//!
//! | client | how it loads this library |
//! |---|---|
//! | OpenSC | `reader_driver pcsc { provider_library = /path/libcns_pcsc_client.so; }` in `opensc.conf` |
//! | Java | `-Dsun.security.smartcardio.library=/path/libcns_pcsc_client.so` |
//! | others | as `libpcsclite.so.1` in a folder of `LD_LIBRARY_PATH`, or by `LD_PRELOAD` |

use cns_pcsc::Manager;

vsmartcard::export_winscard!(cns_pcsc::Manager);

/// What the functions are answered by.
pub type AnsweredBy = Manager;
