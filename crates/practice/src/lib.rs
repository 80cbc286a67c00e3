//! The practice org: a small Salesforce with Omni-Channel, a practice console and practice phones, over real
//! HTTP on loopback.

pub mod console;
