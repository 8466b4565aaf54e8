//! *Laporan Uji Coba*: the evaluation of a trial run (Permen PANRB 92/2021, article 14), in the order of the
//! five aims: speed, ease, reach, comfort, security.

use super::{Chapter, Document, ID, Material, Part, text};
use crate::report::Cell;

pub fn trial(of: &Material<'_>) -> Document {
    let nothing = of.report.reckoned.total.visits == 0;
    Document {
        title: "Laporan Uji Coba Mal Pelayanan Publik".to_owned(),
        place: of.place(),
        city: of.city(),
        agency: of.agency(),
        period: of.period(),
        chapters: if nothing {
            vec![beginning(of), empty()]
        } else {
            vec![
                beginning(of),
                volume(of),
                speed(of),
                shortcomings(of),
                reach(of),
                faults(of),
                opinion(of),
                closing(of),
            ]
        },
    }
}

fn empty() -> Chapter {
    let words =
        "Tidak ada kunjungan yang tercatat dalam periode ini, sehingga tidak ada yang dapat dievaluasi.";
    Chapter { number: "II", title: "Hasil", parts: vec![text(words)] }
}

fn beginning(of: &Material<'_>) -> Chapter {
    let days = of.report.reckoned.attendance.days;
    Chapter {
        number: "I",
        title: "Pendahuluan",
        parts: vec![
            text(
                "Uji coba penyelenggaraan Mal Pelayanan Publik dievaluasi untuk menemukan kekurangan dan kendala teknis sebelum peresmian diusulkan kepada Menteri (Peraturan Menteri PANRB Nomor 92 Tahun 2021 Pasal 14). Tujuannya lima: kecepatan, kemudahan, jangkauan, kenyamanan, dan keamanan pelayanan (Peraturan Presiden Nomor 89 Tahun 2021).",
            ),
            text(format!(
                "{} diuji coba dengan {}, selama {} hari kerja efektif dalam periode ini. Angka diambil dari catatan sistem antrean; arti setiap angka ditetapkan lebih dulu dan sama bagi semua instansi.",
                of.place(),
                of.whose(),
                Cell::count(days).shown(ID)
            )),
        ],
    }
}

fn volume(of: &Material<'_>) -> Chapter {
    let mut parts = vec![text(format!(
        "Diterbitkan {} nomor antrean; {} orang dilayani dalam {} kunjungan, {} layanan diberikan.{}",
        of.figure("tickets"),
        of.figure("persons"),
        of.figure("visits"),
        of.figure("delivered"),
        match of.report.busiest(ID) {
            busiest if busiest.is_empty() => String::new(),
            busiest => format!(" {busiest}."),
        }
    ))];
    parts.extend([of.table("figures"), of.table("delivered")].into_iter().flatten());
    parts.push(Part::Chart(of.charts().hours()));
    parts.extend([of.table("hours"), of.table("heat")].into_iter().flatten());
    Chapter { number: "II", title: "Volume pelayanan", parts }
}

fn speed(of: &Material<'_>) -> Chapter {
    let targets = &of.wanted.targets;
    let mut parts = vec![text(format!(
        "Pengunjung menunggu rata-rata {} menit (median {}, sembilan dari sepuluh paling lama {} menit) dan dilayani rata-rata {} menit. {} kunjungan dipanggil dalam {} menit; targetnya {}%.",
        of.figure("wait_mean_min"),
        of.figure("wait_median_min"),
        of.figure("wait_p90_min"),
        of.figure("serve_mean_min"),
        of.figure("within_target_percent"),
        targets.wait_min,
        targets.within_percent
    ))];
    parts.push(Part::Chart(of.charts().waits()));
    parts.extend([of.table("summary"), of.table("forecast")].into_iter().flatten());
    Chapter { number: "III", title: "Kecepatan", parts }
}

fn shortcomings(of: &Material<'_>) -> Chapter {
    let mut parts = vec![text(format!(
        "{} kunjungan berakhir karena pengunjung tidak hadir saat dipanggil, {} karena dibatalkan atau tidak terpanggil. {} kali pengunjung dialihkan sebelum dilayani. Sebab layanan tidak selesai, dari yang tersering:",
        of.figure("no_show_percent"),
        of.figure("abandoned_percent"),
        of.figure("transferred")
    ))];
    parts.extend(of.table("unfinished"));
    Chapter { number: "IV", title: "Kemudahan: layanan yang tidak selesai dan sebabnya", parts }
}

fn reach(of: &Material<'_>) -> Chapter {
    let mut parts =
        vec![text("Kehadiran instansi dan loket pada hari kerja efektif, dan ketepatan waktu buka.")];
    parts.extend([of.table("presence"), of.table("presence_counters")].into_iter().flatten());
    Chapter { number: "V", title: "Jangkauan: kehadiran instansi", parts }
}

fn faults(of: &Material<'_>) -> Chapter {
    let none = of.report.table("downtime").is_none_or(|table| table.rows.is_empty());
    let mut parts = Vec::new();
    if none {
        parts.push(text(
            "Tidak ada gangguan printer, anjungan, atau perangkat antrean yang tercatat dalam periode ini.",
        ));
    } else {
        parts.push(text("Gangguan yang tercatat, dan berapa lama di antaranya terjadi dalam jam layanan:"));
        parts.extend(of.table("downtime"));
    }
    parts.push(text("Sistem antrean tidak menyimpan nama, NIK, atau nomor telepon pengunjung. Jawaban survei dipisahkan dari nomor antrean."));
    Chapter { number: "VI", title: "Kenyamanan dan keamanan: gangguan", parts }
}

fn opinion(of: &Material<'_>) -> Chapter {
    let tables = of.opinions.tables();
    let wanted = ["satisfaction", "satisfaction_agencies", "complaints"];
    let mut parts: Vec<Part> =
        tables.iter().filter(|table| wanted.contains(&table.key)).cloned().map(Part::Table).collect();
    if of.opinions.survey.is_none() {
        parts.insert(0, text("Survei kepuasan belum diaktifkan dalam konfigurasi."));
    }
    Chapter { number: "VII", title: "Kepuasan, saran, dan pengaduan", parts }
}

fn closing(of: &Material<'_>) -> Chapter {
    let causes =
        of.report.table("unfinished").map(|table| table.rows.iter().take(3).map(|row| row.label.clone()));
    let causes: Vec<String> = causes.into_iter().flatten().collect();
    Chapter {
        number: "VIII",
        title: "Tindak lanjut",
        parts: vec![text("Diisi oleh penyelenggara; sebab tersering didahulukan."), Part::FollowUp(causes)],
    }
}
