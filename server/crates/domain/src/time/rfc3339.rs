//! RFC 3339 by hand: the texts of instants are read and written a million times a second when a log is checked,
//! which a general date library is too slow for.
//!
//! The calendar is Howard Hinnant's (<https://howardhinnant.github.io/date_algorithms.html>): years begin in March,
//! so that the leap day is their last, and 400 of them are an era of 146,097 days.

/// Bytes of the form written.
pub(super) const LENGTH: usize = 27;
const DAY: i64 = 86_400_000_000;
const ERA: i64 = 146_097;
/// Days from the first of March of the year 0 to 1970-01-01.
const EPOCH: i64 = 719_468;
/// 0000-01-01T00:00:00.000000Z, and the last microsecond of 9999.
pub(super) const FIRST: i64 = -62_167_219_200_000_000;
pub(super) const LAST: i64 = 253_402_300_799_999_999;

/// `2026-01-31T08:00:00.000000Z`; instants outside the years 0000 to 9999, which the form cannot hold, are written
/// as the nearest within.
pub(super) fn write(micros: i64) -> [u8; LENGTH] {
    let micros = micros.clamp(FIRST, LAST);
    let (year, month, day) = date(micros.div_euclid(DAY));
    let (second, fraction) = (micros.rem_euclid(DAY) / 1_000_000, micros.rem_euclid(1_000_000));
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    for (at, digits, value) in [
        (0, 4, year),
        (5, 2, month),
        (8, 2, day),
        (11, 2, second / 3600),
        (14, 2, second / 60 % 60),
        (17, 2, second % 60),
        (20, 6, fraction),
    ] {
        let mut rest = value;
        for place in text.iter_mut().skip(at).take(digits).rev() {
            // A remainder of ten is one digit.
            *place = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
    }
    text
}

/// Microseconds since the Unix epoch, fractions beyond them cut off; none if the text is no instant.
pub(super) fn read(text: &[u8]) -> Option<i64> {
    let (head, mut rest) = text.split_first_chunk::<19>()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T' | b't', h1, h2, b':', i1, i2, b':', s1, s2] = *head else {
        return None;
    };
    let year = number([y1, y2])? * 100 + number([y3, y4])?;
    let (month, day, hour) = (number([m1, m2])?, number([d1, d2])?, number([h1, h2])?);
    let (minute, second) = (number([i1, i2])?, number([s1, s2])?);
    if !(1..=12).contains(&month)
        || day < 1
        || day > month_length(year, month)
        || hour > 23
        || minute > 59
        || second > 59
    {
        return None;
    }
    let mut micros = 0;
    if let Some(after) = rest.strip_prefix(b".") {
        let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (fraction, end) = after.split_at_checked(digits).filter(|_| digits > 0)?;
        for place in 0..6 {
            micros = micros * 10 + fraction.get(place).map_or(0, |digit| i64::from(digit - b'0'));
        }
        rest = end;
    }
    let east = match *rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number([h1, h2])?, number([m1, m2])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let offset = hours * 60 + minutes;
            if sign == b'+' { offset } else { -offset }
        }
        _ => return None,
    };
    let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - east;
    let instant = (minutes * 60 + second) * 1_000_000 + micros;
    (FIRST..=LAST).contains(&instant).then_some(instant)
}

fn number([tens, ones]: [u8; 2]) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since the Unix epoch.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year.div_euclid(400) * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH
}

/// Year, month and day.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let of_era = days.rem_euclid(ERA);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = days.div_euclid(ERA) * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

    use super::*;

    /// Instants spread over all of the range, and the days around every turn of a year.
    fn instants() -> impl Iterator<Item = i64> {
        let spread = (0..20_000_i64).map(|step| FIRST + step * ((LAST - FIRST) / 19_999));
        let turns = (0..=9999).flat_map(|year| [days(year, 1, 1), days(year, 2, 28), days(year, 3, 1)]);
        spread
            .chain(turns.flat_map(|day| [day * DAY - 1, day * DAY, day * DAY + DAY + 123_456]))
            .chain([FIRST, LAST, 0, -1])
    }

    #[test]
    fn writes_and_reads_as_the_time_crate_does() {
        let layout = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
        for micros in instants().filter(|micros| (FIRST..=LAST).contains(micros)) {
            let text = String::from_utf8(write(micros).to_vec()).unwrap();
            let other = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).unwrap();
            assert_eq!(text, other.format(layout).unwrap());
            assert_eq!(read(text.as_bytes()), Some(micros), "{text}");
        }
        assert_eq!((write(i64::MIN), write(i64::MAX)), (write(FIRST), write(LAST)));
    }

    #[test]
    fn reads_every_form_of_rfc_3339_and_nothing_else() {
        for text in [
            "2026-01-31T08:00:00Z",
            "2026-01-31t08:00:00z",
            "2026-01-31T08:00:00.5Z",
            "2026-01-31T08:00:00.123456789+02:00",
            "1985-04-12T23:20:50.52-08:30",
            "2024-02-29T00:00:00-00:00",
            "1900-02-28T00:00:00Z",
        ] {
            let other = OffsetDateTime::parse(text, &Rfc3339).unwrap();
            assert_eq!(read(text.as_bytes()).map(i128::from), Some(other.unix_timestamp_nanos() / 1000), "{text}");
        }
        for text in [
            "",
            "2026",
            "2026-01-31",
            "2026-01-31T08:00:00",
            "2026-01-31 08:00:00Z",
            "2026-01-31T08:00:00.Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T08:60:00Z",
            "2026-01-31T08:00:60Z",
            "2026-01-31T08:00:00Z ",
            " 2026-01-31T08:00:00Z",
            "2026-01-31T08:00:00+2:00",
            "2026-01-31T08:00:00+24:00",
            "2026-01-31T08:00:00+02:60",
            "2026-01-31T08:00:00+0200",
            "20x6-01-31T08:00:00Z",
            "0000-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-00:01",
            "-026-01-31T08:00:00Z",
            "2026-01-31T08:00:00.1x",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
