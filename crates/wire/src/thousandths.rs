//! A number of the toolkit that may be a fraction, kept as an integer.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A count or share of at least 0, in thousandths.
///
/// In JSON it is a plain number (`1`, `2.5`), as Salesforce's console toolkit gives it; what is finer than a
/// thousandth is rounded to the nearest. A number below 0 or of [`Thousandths::LIMIT`] and more is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thousandths(i64);

impl Thousandths {
    /// Numbers stay below this: far above any capacity, and small enough that no thousandth of it is lost on
    /// the way through JSON's floating point.
    pub const LIMIT: u32 = u32::MAX;

    /// How many thousandths.
    pub fn milli(self) -> i64 {
        self.0
    }
}

impl From<Thousandths> for i64 {
    fn from(number: Thousandths) -> Self {
        number.0
    }
}

impl From<u32> for Thousandths {
    fn from(whole: u32) -> Self {
        Self(i64::from(whole) * 1_000)
    }
}

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1_000, self.0 % 1_000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let fraction = format!("{rest:03}");
        write!(f, "{whole}.{}", fraction.trim_end_matches('0'))
    }
}

impl Serialize for Thousandths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1_000 == 0 {
            serializer.serialize_i64(self.0 / 1_000)
        } else {
            // Written as the shortest decimal that reads back as the same number: 2.5, never 2.4999.
            serializer.serialize_f64(self.0 as f64 / 1_000.0)
        }
    }
}

impl<'de> Deserialize<'de> for Thousandths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Thousandths;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a number from 0 to below {}", Thousandths::LIMIT)
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Thousandths, E> {
                match u32::try_from(number) {
                    Ok(whole) if whole < Thousandths::LIMIT => Ok(whole.into()),
                    _ => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
                }
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Thousandths, E> {
                match u64::try_from(number) {
                    Ok(number) => self.visit_u64(number),
                    Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
                }
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Thousandths, E> {
                if !(0.0..f64::from(Thousandths::LIMIT)).contains(&number) {
                    return Err(E::invalid_value(Unexpected::Float(number), &self));
                }
                // Below 2^42, so that the nearest integer is exactly the thousandths that were written.
                Ok(Thousandths((number * 1_000.0).round() as i64))
            }
        }

        deserializer.deserialize_f64(Number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(json: &str) -> Option<i64> {
        serde_json::from_str::<Thousandths>(json)
            .ok()
            .map(Thousandths::milli)
    }

    #[test]
    fn whole_numbers_and_fractions_are_read_exactly() {
        assert_eq!(read("5"), Some(5_000));
        assert_eq!(read("0.3"), Some(300));
        assert_eq!(read("1.005"), Some(1_005));
        assert_eq!(read("33.33333333333333"), Some(33_333));
        assert_eq!(read("1e1"), Some(10_000));
        assert_eq!(read("-0.0"), Some(0));
    }

    #[test]
    fn what_is_no_workload_is_refused_in_words() {
        for bad in [
            "-1",
            "-0.5",
            "4294967295",
            "1e300",
            "\"5\"",
            "null",
            "18446744073709551615",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
        let error = serde_json::from_str::<Thousandths>("-1").unwrap_err().to_string();
        assert!(error.contains("a number from 0"), "{error}");
    }

    proptest! {
        #[test]
        fn every_decimal_of_thousandths_is_kept(milli in 0..i64::from(Thousandths::LIMIT) * 1_000) {
            let number = Thousandths(milli);
            prop_assert_eq!(read(&number.to_string()), Some(milli));
            prop_assert_eq!(serde_json::to_string(&number).unwrap(), number.to_string());
        }
    }
}
