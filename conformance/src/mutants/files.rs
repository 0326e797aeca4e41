//! Cards whose file system is wrong: files that lack, files that are otherwise than SELECT tells.

use cns_fixtures::DEFAULT_PROFILE;

use super::control_information::{of_any, of_file, of_folder, retag, set};
use super::image::{allow, at, bytes, refill, remove};
use super::{Mutant, Seam, When};
use cns_card::{AccessConditions, CardImage, File};

const SELECTED: When = When::answered("00A4*", "9000");
const CREATED: When = When::answered("00E00000*", "9000");
const WRITTEN: When = When::answered("00D6*", "9000");

#[rustfmt::skip]
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("files.no-master-file", "3F00 is not found.", &[
        Seam::Says(When::said("00A4 0000 02 3F00*"), |_, answer| *answer = vec![0x6A, 0x82]),
    ]),
    mutant("files.no-ef-atr", "EF.ATR was not created.", &[Seam::Made(|i| remove(i, &[0x2F01]))]),
    mutant("files.no-ef-gdo", "EF.GDO was not created.", &[Seam::Made(|i| remove(i, &[0x2F02]))]),
    mutant("files.no-ef-keypub", "EF.KeyPub was not created.", &[Seam::Made(|i| remove(i, &[0x3F01]))]),
    mutant("files.no-ef-cardstatus", "EF.CardStatus was not created.", &[Seam::Made(|i| remove(i, &[0x3F02]))]),
    mutant("files.no-ef-rootinstfile", "EF.RootInstFile was not created.", &[Seam::Made(|i| remove(i, &[0x0405]))]),
    mutant("files.no-df0", "DF0 was not created.", &[Seam::Made(|i| remove(i, &[0x1000]))]),
    mutant("files.no-df1", "DF1 was not created.", &[Seam::Made(|i| remove(i, &[0x1100]))]),
    mutant("files.no-df2", "DF2 was not created.", &[Seam::Made(|i| remove(i, &[0x1200]))]),
    mutant("files.no-df-ds", "DF_DS was left out because it is empty.", &[Seam::Made(|i| remove(i, &[0x1400]))]),
    mutant_of("idemia-2021", "files.no-certificate", "The certificate's folder in DF_DS is empty.", &[
        Seam::Made(|i| remove(i, &[0x1400, 0x9001, 0x2002])),
    ]),
    mutant_of("signing", "files.no-signature-certificate", "The second key has no certificate.", &[
        Seam::Made(|i| remove(i, &[0x1400, 0x9010])),
    ]),

    mutant("files.bare-objects", "The objects come without a template.", &[
        Seam::Says(SELECTED, |_, answer| {
            if answer.first() == Some(&0x6F) {
                answer.drain(..2);
            }
        }),
    ]),
    mutant("files.template-too-long", "The template counts the status word as its own.", &[
        Seam::Says(SELECTED, |_, answer| {
            if let Some([0x6F, length]) = answer.first_chunk_mut::<2>() {
                *length += 2;
            }
        }),
    ]),
    mutant("files.identifier-twice", "Object 83 is there twice.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| {
            objects.extend(objects.iter().find(|(tag, _)| *tag == 0x83).cloned());
        })),
    ]),
    mutant("files.order", "Object 83 comes before object 82.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| objects.swap(1, 2))),
    ]),
    mutant("files.size-of-memory", "Object 80 is the memory that a file takes, with its header.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| {
            for (_, size) in objects.iter_mut().filter(|(tag, _)| *tag == 0x80) {
                if let Some(low) = size.last_mut() {
                    *low = low.wrapping_add(0x10);
                }
            }
        })),
    ]),
    mutant("files.id-carta-with-length", "EF.ID_Carta has a length before its digits.", &[
        Seam::Made(|i| refill(i, &[0x1000, 0x1003], |content| bytes(content).insert(0, 0x10))),
    ]),
    mutant("files.dati-personali-unpadded", "EF.Dati_Personali ends where its fields end.", &[
        Seam::Made(|i| refill(i, &[0x1100, 0x1102], |content| bytes(content).truncate(110))),
    ]),
    mutant("files.certificate-cut", "EF.C_Carta is too small for a certificate of 2048 bits.", &[
        Seam::Made(|i| refill(i, &[0x1100, 0x1101], |content| bytes(content).truncate(768))),
    ]),
    mutant("files.shareable", "The descriptor of a file has the bit of shareable files.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| set(objects, 0x82, &[0x41, 0x00, 0x00]))),
    ]),
    mutant("files.short-descriptor", "The descriptor of a file has one byte.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| set(objects, 0x82, &[0x01]))),
    ]),
    mutant("files.identifier-of-folder", "Object 83 of a file is the identifier of its folder.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| set(objects, 0x83, &[0x11, 0x00]))),
    ]),
    mutant("files.deactivated-85", "Object 85 of a file is 00.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| set(objects, 0x85, &[0x00]))),
    ]),
    mutant("files.three-access-bytes", "Object 86 of a file has the three bytes that are used.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| set(objects, 0x86, &[0x00, 0xFF, 0xFF]))),
    ]),
    mutant("files.in-creation", "Object 8A says that a file is still being created.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| set(objects, 0x8A, &[0x01]))),
    ]),
    mutant("files.messaging-of-an-object", "Object CB has sixteen bytes, as those of a PIN.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| set(objects, 0xCB, &[0xFF; 16]))),
    ]),
    mutant("files.records-of-fixed-length", "EF.KeyPub says that its records have one length.", &[
        Seam::Says(SELECTED, |_, answer| of_any(answer, |objects| {
            if objects.iter().any(|(tag, value)| *tag == 0x83 && value == &[0x3F, 0x01]) {
                set(objects, 0x82, &[0x02, 0x00, 0x00]);
            }
        })),
    ]),

    mutant("files.folder-bare-objects", "The objects of a folder come in a template of another tag.", &[
        Seam::Says(SELECTED, |_, answer| if answer.get(2) == Some(&0x81) {
            retag(answer, 0x64);
        }),
    ]),
    mutant("files.folder-descriptor", "The descriptor of a folder is 30.", &[
        Seam::Says(SELECTED, |_, answer| of_folder(answer, |objects| set(objects, 0x82, &[0x30, 0x00, 0x00]))),
    ]),
    mutant("files.folder-size-as-file", "A folder tells its size in object 80.", &[
        Seam::Says(SELECTED, |_, answer| of_folder(answer, |objects| {
            for (tag, _) in objects.iter_mut().filter(|(tag, _)| *tag == 0x81) {
                *tag = 0x80;
            }
        })),
    ]),
    mutant("files.folder-is-master-file", "Object 83 of every folder is 3F00.", &[
        Seam::Says(SELECTED, |_, answer| of_folder(answer, |objects| set(objects, 0x83, &[0x3F, 0x00]))),
    ]),
    mutant("files.master-file-reserved", "Object 83 of the master file is FFFF.", &[
        Seam::Says(When::said("00A4 0000 02 3F00*"), |_, answer| {
            of_folder(answer, |objects| set(objects, 0x83, &[0xFF, 0xFF]));
        }),
    ]),
    mutant("files.folder-eight-access-bytes", "Object 86 of a folder lacks the reserved byte.", &[
        Seam::Says(SELECTED, |_, answer| of_folder(answer, |objects| set(objects, 0x86, &[0xFF; 8]))),
    ]),
    mutant("files.folder-size-left", "Object 81 of a folder is 0000.", &[
        Seam::Says(SELECTED, |_, answer| of_folder(answer, |objects| set(objects, 0x81, &[0x00, 0x00]))),
    ]),
    mutant("files.every-folder-named", "Every folder has a name, its identifier.", &[
        Seam::Says(SELECTED, |_, answer| of_folder(answer, |objects| objects.push((0x84, vec![0x11, 0x00])))),
    ]),
    mutant_of("ace-2025", "files.name-untold", "Object 84 of the application is missing.", &[
        Seam::Says(SELECTED, |_, answer| of_folder(answer, |objects| objects.retain(|(tag, _)| *tag != 0x84))),
    ]),

    mutant("files.gdo-closed", "EF.GDO asks for the PIN.", &[Seam::Made(|i| allow(i, &[0x2F02], 0, 0x10))]),
    mutant("files.reading-unchecked", "EF.Dati_Personali says that READ asks for the PIN, and is read without.", &[
        Seam::Says(SELECTED, |_, answer| of_file(answer, |objects| {
            set(objects, 0x86, &[0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        })),
    ]),
    mutant("files.update-unchecked", "The condition of UPDATE is told and not checked.", &[
        Seam::Made(|i| allow(i, &[0x1100, 0x1102], 1, 0x00)), SAYS_CLOSED,
    ]),
    mutant("files.pin-opens-all", "The PIN opens what is closed to everybody.", &[
        Seam::Made(|i| allow(i, &[0x1100, 0x1102], 1, 0x10)), SAYS_CLOSED,
    ]),
    mutant("files.pin-opens-nothing", "What asks for the PIN is refused after VERIFY, too.", &[
        Seam::Says(WRITTEN, |_, answer| *answer = vec![0x69, 0x82]), Seam::ForgetsChange(WRITTEN),
    ]),
    mutant("files.written-although-refused", "UPDATE is refused when it was done already.", &[
        Seam::Made(|i| allow(i, &[0x1100, 0x1102], 1, 0x00)), SAYS_CLOSED,
        Seam::Says(WRITTEN, |_, answer| *answer = vec![0x69, 0x82]),
    ]),
    mutant("files.master-file-open", "The master file still takes new files.", &[
        Seam::Made(|i| i.master_file.access.0[7] = 0x00),
    ]),
    mutant("files.df1-open", "DF1 takes new files after the PIN.", &[Seam::Made(|i| allow(i, &[0x1100], 7, 0x10))]),
    mutant("files.keypub-grows", "EF.KeyPub takes new records, and says otherwise.", &[
        Seam::Made(|i| allow(i, &[0x3F01], 2, 0x00)),
        Seam::Says(SELECTED, |_, answer| of_any(answer, |objects| {
            if objects.iter().any(|(tag, value)| *tag == 0x82 && value.first() == Some(&0x05)) {
                set(objects, 0x86, &[0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
            }
        })),
    ]),
    mutant("files.conditions-open", "PUT DATA changes the access bytes of a file that is closed to it.", &[
        Seam::Made(|i| allow(i, &[0x1100, 0x1102], 6, 0x00)),
    ]),
    mutant("files.open-unless-said", "A new file is open where its access bytes were not said.", &[
        Seam::ChangesAfter(CREATED, open_created),
    ]),
];

/// SELECT says of a transparent file that it is read by everybody and written by nobody.
const SAYS_CLOSED: Seam = Seam::Says(SELECTED, |_, answer| {
    of_file(answer, |objects| {
        if objects
            .iter()
            .any(|(tag, value)| *tag == 0x83 && value == &[0x11, 0x02])
        {
            set(
                objects,
                0x86,
                &[0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            );
        }
    });
});

fn open_created(image: &mut CardImage) {
    if let Some(File::Elementary(file)) = at(image, &[0xAA01]) {
        file.access = AccessConditions::FREE;
    }
}

const fn mutant(id: &'static str, wrong: &'static str, seams: &'static [Seam]) -> Mutant {
    mutant_of(DEFAULT_PROFILE, id, wrong, seams)
}

const fn mutant_of(
    profile: &'static str,
    id: &'static str,
    wrong: &'static str,
    seams: &'static [Seam],
) -> Mutant {
    Mutant {
        id,
        wrong,
        profile,
        seams,
    }
}
