//! The interface of pcsc-lite's IFD handlers as C sees it: raw, unsafe, as is.
//!
//! What the names mean is told in pcsc-lite's `ifdhandler.h` and `reader.h`.

#![allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unsafe_op_in_unsafe_fn,
    clippy::all
)]

// Made by bindgen from wrapper.h; tests/bindings.rs refreshes and checks it.

#[repr(C)]
#[derive(Default)]
pub struct __IncompleteArrayField<T>(::std::marker::PhantomData<T>, [T; 0]);
impl<T> __IncompleteArrayField<T> {
    #[inline]
    pub const fn new() -> Self {
        __IncompleteArrayField(::std::marker::PhantomData, [])
    }
    #[inline]
    pub fn as_ptr(&self) -> *const T {
        self as *const _ as *const T
    }
    #[inline]
    pub fn as_mut_ptr(&mut self) -> *mut T {
        self as *mut _ as *mut T
    }
    #[inline]
    pub unsafe fn as_slice(&self, len: usize) -> &[T] {
        ::std::slice::from_raw_parts(self.as_ptr(), len)
    }
    #[inline]
    pub unsafe fn as_mut_slice(&mut self, len: usize) -> &mut [T] {
        ::std::slice::from_raw_parts_mut(self.as_mut_ptr(), len)
    }
}
impl<T> ::std::fmt::Debug for __IncompleteArrayField<T> {
    fn fmt(&self, fmt: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        fmt.write_str("__IncompleteArrayField")
    }
}
pub const MAX_ATR_SIZE: u32 = 33;
pub const TAG_IFD_ATR: u32 = 771;
pub const TAG_IFD_SLOTNUM: u32 = 384;
pub const TAG_IFD_SLOT_THREAD_SAFE: u32 = 4012;
pub const TAG_IFD_THREAD_SAFE: u32 = 4013;
pub const TAG_IFD_SLOTS_NUMBER: u32 = 4014;
pub const TAG_IFD_SIMULTANEOUS_ACCESS: u32 = 4015;
pub const TAG_IFD_POLLING_THREAD: u32 = 4016;
pub const TAG_IFD_POLLING_THREAD_KILLABLE: u32 = 4017;
pub const TAG_IFD_STOP_POLLING_THREAD: u32 = 4018;
pub const TAG_IFD_POLLING_THREAD_WITH_TIMEOUT: u32 = 4019;
pub const TAG_IFD_DEVICE_REMOVED: u32 = 4020;
pub const IFD_HVERSION_1_0: u32 = 65536;
pub const IFD_HVERSION_2_0: u32 = 131072;
pub const IFD_HVERSION_3_0: u32 = 196608;
pub const IFD_POWER_UP: u32 = 500;
pub const IFD_POWER_DOWN: u32 = 501;
pub const IFD_RESET: u32 = 502;
pub const IFD_NEGOTIATE_PTS1: u32 = 1;
pub const IFD_NEGOTIATE_PTS2: u32 = 2;
pub const IFD_NEGOTIATE_PTS3: u32 = 4;
pub const IFD_SUCCESS: u32 = 0;
pub const IFD_ERROR_TAG: u32 = 600;
pub const IFD_ERROR_SET_FAILURE: u32 = 601;
pub const IFD_ERROR_VALUE_READ_ONLY: u32 = 602;
pub const IFD_ERROR_PTS_FAILURE: u32 = 605;
pub const IFD_ERROR_NOT_SUPPORTED: u32 = 606;
pub const IFD_PROTOCOL_NOT_SUPPORTED: u32 = 607;
pub const IFD_ERROR_POWER_ACTION: u32 = 608;
pub const IFD_ERROR_SWALLOW: u32 = 609;
pub const IFD_ERROR_EJECT: u32 = 610;
pub const IFD_ERROR_CONFISCATE: u32 = 611;
pub const IFD_COMMUNICATION_ERROR: u32 = 612;
pub const IFD_RESPONSE_TIMEOUT: u32 = 613;
pub const IFD_NOT_SUPPORTED: u32 = 614;
pub const IFD_ICC_PRESENT: u32 = 615;
pub const IFD_ICC_NOT_PRESENT: u32 = 616;
pub const IFD_NO_SUCH_DEVICE: u32 = 617;
pub const IFD_ERROR_INSUFFICIENT_BUFFER: u32 = 618;
pub const FEATURE_VERIFY_PIN_START: u32 = 1;
pub const FEATURE_VERIFY_PIN_FINISH: u32 = 2;
pub const FEATURE_MODIFY_PIN_START: u32 = 3;
pub const FEATURE_MODIFY_PIN_FINISH: u32 = 4;
pub const FEATURE_GET_KEY_PRESSED: u32 = 5;
pub const FEATURE_VERIFY_PIN_DIRECT: u32 = 6;
pub const FEATURE_MODIFY_PIN_DIRECT: u32 = 7;
pub const FEATURE_MCT_READER_DIRECT: u32 = 8;
pub const FEATURE_MCT_UNIVERSAL: u32 = 9;
pub const FEATURE_IFD_PIN_PROPERTIES: u32 = 10;
pub const FEATURE_ABORT: u32 = 11;
pub const FEATURE_SET_SPE_MESSAGE: u32 = 12;
pub const FEATURE_VERIFY_PIN_DIRECT_APP_ID: u32 = 13;
pub const FEATURE_MODIFY_PIN_DIRECT_APP_ID: u32 = 14;
pub const FEATURE_WRITE_DISPLAY: u32 = 15;
pub const FEATURE_GET_KEY: u32 = 16;
pub const FEATURE_IFD_DISPLAY_PROPERTIES: u32 = 17;
pub const FEATURE_GET_TLV_PROPERTIES: u32 = 18;
pub const FEATURE_CCID_ESC_COMMAND: u32 = 19;
pub const FEATURE_EXECUTE_PACE: u32 = 32;
pub const PCSCv2_PART10_PROPERTY_wLcdLayout: u32 = 1;
pub const PCSCv2_PART10_PROPERTY_bEntryValidationCondition: u32 = 2;
pub const PCSCv2_PART10_PROPERTY_bTimeOut2: u32 = 3;
pub const PCSCv2_PART10_PROPERTY_wLcdMaxCharacters: u32 = 4;
pub const PCSCv2_PART10_PROPERTY_wLcdMaxLines: u32 = 5;
pub const PCSCv2_PART10_PROPERTY_bMinPINSize: u32 = 6;
pub const PCSCv2_PART10_PROPERTY_bMaxPINSize: u32 = 7;
pub const PCSCv2_PART10_PROPERTY_sFirmwareID: u32 = 8;
pub const PCSCv2_PART10_PROPERTY_bPPDUSupport: u32 = 9;
pub const PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize: u32 = 10;
pub const PCSCv2_PART10_PROPERTY_wIdVendor: u32 = 11;
pub const PCSCv2_PART10_PROPERTY_wIdProduct: u32 = 12;
pub type UCHAR = ::std::os::raw::c_uchar;
pub type PUCHAR = *mut UCHAR;
pub type DWORD = ::std::os::raw::c_ulong;
pub type PDWORD = *mut DWORD;
pub type LPDWORD = *mut DWORD;
pub type LPSTR = *mut ::std::os::raw::c_char;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _SCARD_IO_HEADER {
    pub Protocol: DWORD,
    pub Length: DWORD,
}
pub type SCARD_IO_HEADER = _SCARD_IO_HEADER;
pub type PSCARD_IO_HEADER = *mut _SCARD_IO_HEADER;
pub type RESPONSECODE = ::std::os::raw::c_long;
#[repr(C, packed)]
#[derive(Debug, Copy, Clone)]
pub struct PCSC_TLV_STRUCTURE {
    pub tag: u8,
    pub length: u8,
    pub value: u32,
}
#[repr(C, packed)]
pub struct PIN_VERIFY_STRUCTURE {
    pub bTimerOut: u8,
    pub bTimerOut2: u8,
    pub bmFormatString: u8,
    pub bmPINBlockString: u8,
    pub bmPINLengthFormat: u8,
    pub wPINMaxExtraDigit: u16,
    pub bEntryValidationCondition: u8,
    pub bNumberMessage: u8,
    pub wLangId: u16,
    pub bMsgIndex: u8,
    pub bTeoPrologue: [u8; 3usize],
    pub ulDataLength: u32,
    pub abData: __IncompleteArrayField<u8>,
}
#[repr(C, packed)]
pub struct PIN_MODIFY_STRUCTURE {
    pub bTimerOut: u8,
    pub bTimerOut2: u8,
    pub bmFormatString: u8,
    pub bmPINBlockString: u8,
    pub bmPINLengthFormat: u8,
    pub bInsertionOffsetOld: u8,
    pub bInsertionOffsetNew: u8,
    pub wPINMaxExtraDigit: u16,
    pub bConfirmPIN: u8,
    pub bEntryValidationCondition: u8,
    pub bNumberMessage: u8,
    pub wLangId: u16,
    pub bMsgIndex1: u8,
    pub bMsgIndex2: u8,
    pub bMsgIndex3: u8,
    pub bTeoPrologue: [u8; 3usize],
    pub ulDataLength: u32,
    pub abData: __IncompleteArrayField<u8>,
}
#[repr(C, packed)]
#[derive(Debug, Copy, Clone)]
pub struct PIN_PROPERTIES_STRUCTURE {
    pub wLcdLayout: u16,
    pub bEntryValidationCondition: u8,
    pub bTimeOut2: u8,
}
pub struct IfdHandlerLibrary {
    __library: ::libloading::Library,
    pub IFDHCreateChannelByName:
        unsafe extern "C" fn(Lun: DWORD, DeviceName: LPSTR) -> RESPONSECODE,
    pub IFDHControl: unsafe extern "C" fn(
        Lun: DWORD,
        dwControlCode: DWORD,
        TxBuffer: PUCHAR,
        TxLength: DWORD,
        RxBuffer: PUCHAR,
        RxLength: DWORD,
        pdwBytesReturned: LPDWORD,
    ) -> RESPONSECODE,
    pub IFDHCreateChannel: unsafe extern "C" fn(Lun: DWORD, Channel: DWORD) -> RESPONSECODE,
    pub IFDHCloseChannel: unsafe extern "C" fn(Lun: DWORD) -> RESPONSECODE,
    pub IFDHGetCapabilities:
        unsafe extern "C" fn(Lun: DWORD, Tag: DWORD, Length: PDWORD, Value: PUCHAR) -> RESPONSECODE,
    pub IFDHSetCapabilities:
        unsafe extern "C" fn(Lun: DWORD, Tag: DWORD, Length: DWORD, Value: PUCHAR) -> RESPONSECODE,
    pub IFDHSetProtocolParameters: unsafe extern "C" fn(
        Lun: DWORD,
        Protocol: DWORD,
        Flags: UCHAR,
        PTS1: UCHAR,
        PTS2: UCHAR,
        PTS3: UCHAR,
    ) -> RESPONSECODE,
    pub IFDHPowerICC: unsafe extern "C" fn(
        Lun: DWORD,
        Action: DWORD,
        Atr: PUCHAR,
        AtrLength: PDWORD,
    ) -> RESPONSECODE,
    pub IFDHTransmitToICC: unsafe extern "C" fn(
        Lun: DWORD,
        SendPci: SCARD_IO_HEADER,
        TxBuffer: PUCHAR,
        TxLength: DWORD,
        RxBuffer: PUCHAR,
        RxLength: PDWORD,
        RecvPci: PSCARD_IO_HEADER,
    ) -> RESPONSECODE,
    pub IFDHICCPresence: unsafe extern "C" fn(Lun: DWORD) -> RESPONSECODE,
}
impl IfdHandlerLibrary {
    pub unsafe fn new<P>(path: P) -> Result<Self, ::libloading::Error>
    where
        P: AsRef<::std::ffi::OsStr>,
    {
        let path = path.as_ref();
        let library = ::libloading::Library::new(path)?;
        Self::from_library(library)
    }
    pub unsafe fn from_library<L>(library: L) -> Result<Self, ::libloading::Error>
    where
        L: Into<::libloading::Library>,
    {
        let __library = library.into();
        let IFDHCreateChannelByName = __library
            .get(b"IFDHCreateChannelByName\0")
            .map(|sym| *sym)?;
        let IFDHControl = __library.get(b"IFDHControl\0").map(|sym| *sym)?;
        let IFDHCreateChannel = __library.get(b"IFDHCreateChannel\0").map(|sym| *sym)?;
        let IFDHCloseChannel = __library.get(b"IFDHCloseChannel\0").map(|sym| *sym)?;
        let IFDHGetCapabilities = __library.get(b"IFDHGetCapabilities\0").map(|sym| *sym)?;
        let IFDHSetCapabilities = __library.get(b"IFDHSetCapabilities\0").map(|sym| *sym)?;
        let IFDHSetProtocolParameters = __library
            .get(b"IFDHSetProtocolParameters\0")
            .map(|sym| *sym)?;
        let IFDHPowerICC = __library.get(b"IFDHPowerICC\0").map(|sym| *sym)?;
        let IFDHTransmitToICC = __library.get(b"IFDHTransmitToICC\0").map(|sym| *sym)?;
        let IFDHICCPresence = __library.get(b"IFDHICCPresence\0").map(|sym| *sym)?;
        Ok(IfdHandlerLibrary {
            __library,
            IFDHCreateChannelByName,
            IFDHControl,
            IFDHCreateChannel,
            IFDHCloseChannel,
            IFDHGetCapabilities,
            IFDHSetCapabilities,
            IFDHSetProtocolParameters,
            IFDHPowerICC,
            IFDHTransmitToICC,
            IFDHICCPresence,
        })
    }
    pub unsafe fn IFDHCreateChannelByName(&self, Lun: DWORD, DeviceName: LPSTR) -> RESPONSECODE {
        (self.IFDHCreateChannelByName)(Lun, DeviceName)
    }
    pub unsafe fn IFDHControl(
        &self,
        Lun: DWORD,
        dwControlCode: DWORD,
        TxBuffer: PUCHAR,
        TxLength: DWORD,
        RxBuffer: PUCHAR,
        RxLength: DWORD,
        pdwBytesReturned: LPDWORD,
    ) -> RESPONSECODE {
        (self.IFDHControl)(
            Lun,
            dwControlCode,
            TxBuffer,
            TxLength,
            RxBuffer,
            RxLength,
            pdwBytesReturned,
        )
    }
    pub unsafe fn IFDHCreateChannel(&self, Lun: DWORD, Channel: DWORD) -> RESPONSECODE {
        (self.IFDHCreateChannel)(Lun, Channel)
    }
    pub unsafe fn IFDHCloseChannel(&self, Lun: DWORD) -> RESPONSECODE {
        (self.IFDHCloseChannel)(Lun)
    }
    pub unsafe fn IFDHGetCapabilities(
        &self,
        Lun: DWORD,
        Tag: DWORD,
        Length: PDWORD,
        Value: PUCHAR,
    ) -> RESPONSECODE {
        (self.IFDHGetCapabilities)(Lun, Tag, Length, Value)
    }
    pub unsafe fn IFDHSetCapabilities(
        &self,
        Lun: DWORD,
        Tag: DWORD,
        Length: DWORD,
        Value: PUCHAR,
    ) -> RESPONSECODE {
        (self.IFDHSetCapabilities)(Lun, Tag, Length, Value)
    }
    pub unsafe fn IFDHSetProtocolParameters(
        &self,
        Lun: DWORD,
        Protocol: DWORD,
        Flags: UCHAR,
        PTS1: UCHAR,
        PTS2: UCHAR,
        PTS3: UCHAR,
    ) -> RESPONSECODE {
        (self.IFDHSetProtocolParameters)(Lun, Protocol, Flags, PTS1, PTS2, PTS3)
    }
    pub unsafe fn IFDHPowerICC(
        &self,
        Lun: DWORD,
        Action: DWORD,
        Atr: PUCHAR,
        AtrLength: PDWORD,
    ) -> RESPONSECODE {
        (self.IFDHPowerICC)(Lun, Action, Atr, AtrLength)
    }
    pub unsafe fn IFDHTransmitToICC(
        &self,
        Lun: DWORD,
        SendPci: SCARD_IO_HEADER,
        TxBuffer: PUCHAR,
        TxLength: DWORD,
        RxBuffer: PUCHAR,
        RxLength: PDWORD,
        RecvPci: PSCARD_IO_HEADER,
    ) -> RESPONSECODE {
        (self.IFDHTransmitToICC)(
            Lun, SendPci, TxBuffer, TxLength, RxBuffer, RxLength, RecvPci,
        )
    }
    pub unsafe fn IFDHICCPresence(&self, Lun: DWORD) -> RESPONSECODE {
        (self.IFDHICCPresence)(Lun)
    }
}
