/* What bindgen reads: pcsc-lite's interface to IFD handlers, and the reader features of PC/SC
 * part 10. Both headers come from the package libpcsclite-dev; see tests/bindings.rs. */
#include <PCSC/ifdhandler.h>
#include <PCSC/reader.h>
