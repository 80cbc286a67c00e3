use crate::figure::Figure;
pub(crate) const FIGURES: &[Figure] = &[];
