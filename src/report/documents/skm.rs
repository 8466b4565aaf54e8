//! *Laporan Survei Kepuasan Masyarakat*, with the chapters that offices use.

use super::{Chapter, Document, ID, Material, Part, text};
use crate::report::satisfaction::Asked;
use crate::report::{Cell, Table};
use crate::survey::{Missing, Order, QuestionSet};

/// None where the site has no survey.
pub fn skm(of: &Material<'_>) -> Option<Document> {
    let set = of.opinions.survey?.sets.first()?;
    let asked = of.opinions.asked(set);
    Some(Document {
        title: "Laporan Survei Kepuasan Masyarakat".to_owned(),
        place: of.place(),
        city: of.city(),
        agency: of.agency(),
        period: of.period(),
        chapters: vec![
            beginning(of),
            collecting(of, set, &asked),
            results(of),
            analysis(of, set, &asked),
            conclusion(of, &asked),
            annex(of, set),
        ],
    })
}

fn beginning(of: &Material<'_>) -> Chapter {
    Chapter {
        number: "I",
        title: "Pendahuluan",
        parts: vec![
            Part::Heading("Latar belakang".to_owned()),
            text(format!(
                "{} menyelenggarakan pelayanan {} dalam satu gedung. Laporan ini mengenai pelayanan {}. Penyelenggara pelayanan publik wajib mengukur kepuasan masyarakat secara berkala, paling sedikit satu kali setahun, dan memakai hasilnya untuk memperbaiki pelayanan.",
                of.place(),
                format_args!("{} instansi", of.rules.agencies.len()),
                of.agency().unwrap_or_else(|| "semua instansi itu".to_owned())
            )),
            Part::Heading("Dasar hukum".to_owned()),
            text("Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik."),
            text(
                "Peraturan Pemerintah Nomor 96 Tahun 2012 tentang Pelaksanaan Undang-Undang Nomor 25 Tahun 2009.",
            ),
            text(
                "Peraturan Menteri PANRB Nomor 14 Tahun 2017 tentang Pedoman Penyusunan Survei Kepuasan Masyarakat Unit Penyelenggara Pelayanan Publik.",
            ),
            text(
                "Peraturan Menteri PANRB Nomor 92 Tahun 2021 tentang Petunjuk Teknis Penyelenggaraan Mal Pelayanan Publik.",
            ),
            Part::Heading("Tujuan".to_owned()),
            text(
                "Mengetahui tingkat kepuasan pengguna layanan terhadap sembilan unsur pelayanan, dan menentukan unsur yang perlu diperbaiki lebih dulu.",
            ),
        ],
    }
}

fn collecting(of: &Material<'_>, set: &QuestionSet, asked: &Asked) -> Chapter {
    let persons = of.report.reckoned.total.persons;
    let sample = of.opinions.sample(persons);
    let invited: u64 = of.opinions.invited();
    let drawn = of.rules.invite_every.map_or_else(
        || "Saat ini tidak ada nomor antrean yang diundang (menurut konfigurasi sekarang).".to_owned(),
        |k| format!("Responden dipilih secara sistematis: setiap nomor antrean ke-{k} diundang (menurut konfigurasi sekarang), hitungannya bersambung dari hari ke hari."),
    );
    let counted = if sample == 0 {
        text(
            "Belum ada orang yang dilayani dalam periode ini, sehingga ukuran sampel tidak dapat ditentukan.",
        )
    } else {
        text(format!(
            "Dari {} orang yang dilayani, ukuran sampel menurut tabel Krejcie dan Morgan adalah {} responden. Jumlah jawaban lengkap {}: ukuran sampel {}. Yang diundang dan sudah dilayani {} ({} menjawab lengkap); {} jawaban tidak lengkap dan tidak dihitung.",
            Cell::count(persons).shown(ID),
            Cell::count(sample).shown(ID),
            Cell::count(asked.complete).shown(ID),
            if asked.complete >= sample { "tercapai" } else { "belum tercapai" },
            Cell::count(invited).shown(ID),
            Cell::share(asked.complete, invited).shown(ID),
            Cell::count(asked.partial).shown(ID)
        ))
    };
    Chapter {
        number: "II",
        title: "Pengumpulan data",
        parts: vec![
            Part::Heading("Pelaksana dan lokasi".to_owned()),
            text(format!(
                "Survei dilaksanakan oleh {}, di gedung pelayanan, pada {}.",
                of.place(),
                of.in_period()
            )),
            Part::Heading("Metode".to_owned()),
            text(format!(
                "Kuesioner “{}” berisi {} pertanyaan dengan skala 1 sampai 4, diisi sendiri oleh pengguna layanan di telepon atau tablet meja informasi setelah dilayani. {drawn} Jawaban tidak memuat nama, NIK, atau nomor telepon, dan hubungannya dengan nomor antrean dihapus setelah waktu yang ditentukan.",
                set.name.id,
                set.questions.len()
            )),
            Part::Heading("Jumlah responden".to_owned()),
            counted,
        ],
    }
}

fn results(of: &Material<'_>) -> Chapter {
    let mut parts = vec![Part::Heading("Responden".to_owned())];
    let tables = of.opinions.tables();
    let named = |start: &str| {
        tables.iter().filter(|table| table.key.starts_with(start)).cloned().collect::<Vec<Table>>()
    };
    parts.extend(named("respondents").into_iter().map(Part::Table));
    parts.extend(named("satisfaction").into_iter().map(Part::Table));
    parts.push(Part::Chart(of.charts().elements(&tables)));
    parts.extend(named("integrity").into_iter().map(Part::Table));
    Chapter { number: "III", title: "Hasil", parts }
}

/// The elements that were answered, the weakest first.
fn ranked(of: &Material<'_>, set: &QuestionSet, asked: &Asked) -> Vec<(String, String)> {
    let mut all: Vec<_> = set
        .in_order(of.opinions.order)
        .into_iter()
        .filter_map(|question| {
            let mean = asked.tally.of(&question.key).mean()?;
            Some((mean.rounded(6), question.name.id.to_string(), mean.points()))
        })
        .collect();
    all.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    all.into_iter().map(|(_, name, points)| (name, points.to_string().replace('.', ","))).collect()
}

fn analysis(of: &Material<'_>, set: &QuestionSet, asked: &Asked) -> Chapter {
    let ranked = ranked(of, set, asked);
    let mut parts = Vec::new();
    match (ranked.first(), ranked.last()) {
        (Some(weakest), Some(best)) => parts.push(text(format!(
            "Unsur terendah adalah {} (nilai {}), unsur tertinggi {} (nilai {}).",
            weakest.0, weakest.1, best.0, best.1
        ))),
        _ => parts.push(text(
            "Belum ada jawaban lengkap dalam periode ini, sehingga tidak ada unsur yang dapat dibandingkan.",
        )),
    }
    parts.extend(of.opinions.tables().into_iter().filter(|table| table.key == "complaints").map(Part::Table));
    parts.push(Part::Heading("Rencana tindak lanjut".to_owned()));
    parts.push(text("Diisi oleh penyelenggara; tiga unsur terendah didahulukan."));
    parts.push(Part::FollowUp(ranked.into_iter().take(3).map(|(name, _)| name).collect()));
    Chapter { number: "IV", title: "Analisis", parts }
}

fn conclusion(of: &Material<'_>, asked: &Asked) -> Chapter {
    let said = match &asked.index {
        Ok(index) => format!(
            "Indeks Kepuasan Masyarakat {} pada {} adalah {}, mutu pelayanan {} ({}), dari {} responden.",
            of.who(),
            of.in_period(),
            index.points.to_string().replace('.', ","),
            index.grade.letter(),
            index.grade.name().id,
            index.responses
        ),
        Err(Missing::Nobody) => {
            "Indeks Kepuasan Masyarakat belum dapat dihitung: belum ada jawaban yang lengkap dalam periode ini."
                .to_owned()
        }
        Err(Missing::Uneven(_)) => "Indeks Kepuasan Masyarakat tidak dapat dihitung untuk seluruh periode: kuesionernya diganti di tengah periode. Buatlah laporan untuk masa sebelum dan sesudahnya.".to_owned(),
    };
    Chapter { number: "V", title: "Kesimpulan", parts: vec![text(said)] }
}

fn annex(of: &Material<'_>, set: &QuestionSet) -> Chapter {
    let questions = set.in_order(of.opinions.order).into_iter().enumerate().map(|(at, question)| {
        let options: Vec<String> = question
            .options
            .iter()
            .enumerate()
            .map(|(score, words)| format!("{} = {}", score + 1, words.id))
            .collect();
        text(format!("{}. {} ({})", at + 1, question.ask.id, options.join("; ")))
    });
    let order = match of.opinions.order {
        Order::Regulation => {
            "Urutan unsur mengikuti batang tubuh peraturan: U8 penanganan pengaduan, U9 sarana dan prasarana."
        }
        Order::Questionnaire => {
            "Urutan unsur mengikuti kuesioner lampiran: 8 sarana dan prasarana, 9 penanganan pengaduan."
        }
    };
    let bands = "Mutu: A 88,31–100,00 sangat baik; B 76,61–88,30 baik; C 65,00–76,60 kurang baik; D 25,00–64,99 tidak baik. Nilai dihitung utuh dan dibulatkan satu kali, dua angka di belakang koma, setengah ke atas; mutu ditentukan dari nilai yang sudah dibulatkan.";
    let mut parts = vec![Part::Heading("Kuesioner".to_owned())];
    parts.extend(questions);
    parts.extend([text(order), Part::Heading("Pengolahan data".to_owned()), text(bands)]);
    Chapter { number: "", title: "Lampiran", parts }
}
