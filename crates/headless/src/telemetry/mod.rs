//! OpenTelemetry for fleets: counters and durations of the guard, to the collector that the settings name. Off
//! without one.
//!
//! What is sent is made of numbers and of words from this source: no name, id, status, state or address ever is an
//! attribute. Each run has a random instance id, so that a collector can tell desktops apart and nobody.

mod client;
mod measure;
mod tee;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use companion::settings::TelemetrySettings;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter, MeterProvider as _};
use opentelemetry_otlp::{MetricExporter, Protocol, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};
use salesforce::{Network, TimeOuts};

use client::Client;
use measure::{Measurement, measure};
pub(crate) use tee::Tee;

/// The signal's path at a collector (OTLP/HTTP).
const PATH: &str = "v1/metrics";

/// A running export.
pub(crate) struct Telemetry {
    provider: SdkMeterProvider,
}

/// Where measurements go. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Instruments {
    calls: Counter<u64>,
    requests: Counter<u64>,
    holds: Counter<u64>,
    reconnects: Counter<u64>,
    problems: Counter<u64>,
    confirmed: Histogram<u64>,
    decided: Histogram<u64>,
}

/// Begins to export, if the settings name a collector. `api_calls`: requests sent to Salesforce so far.
///
/// # Errors
/// The collector's address or the network's settings can't be used.
pub(crate) fn start(
    settings: &TelemetrySettings,
    network: &Network,
    api_calls: Arc<AtomicU64>,
) -> Result<Option<(Telemetry, Instruments)>, String> {
    let Some(endpoint) = &settings.endpoint else {
        return Ok(None);
    };
    let client = network
        .client(endpoint, TimeOuts::default())
        .map_err(|failure| failure.to_string())?;
    let url = format!("{}/{PATH}", endpoint.as_str().trim_end_matches('/'));
    let exporter = MetricExporter::builder()
        .with_http()
        .with_http_client(Client::new(client))
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(url)
        // So that the sums of a thousand short-lived instances add up without knowing any of them.
        .with_temporality(Temporality::Delta)
        .build()
        .map_err(|error| error.to_string())?;
    let reader = PeriodicReader::builder(exporter)
        .with_interval(settings.interval)
        .build();
    // Empty: the built-in one takes attributes from the environment, which may name people.
    let resource = Resource::builder_empty()
        .with_service_name("holdline")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_attribute(KeyValue::new(
            "service.instance.id",
            format!("{:032x}", rand::random::<u128>()),
        ))
        .with_attribute(KeyValue::new("os.type", std::env::consts::OS))
        .build();
    let provider = SdkMeterProvider::builder()
        .with_reader(reader)
        .with_resource(resource)
        .build();
    let instruments = Instruments::new(&provider.meter("holdline"), api_calls);
    Ok(Some((Telemetry { provider }, instruments)))
}

impl Telemetry {
    /// Sends what is left and ends. Blocks until the collector has answered or its time is up.
    pub(crate) fn end(self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::info!(%error, "the last measurements were not exported");
        }
    }
}

impl Instruments {
    fn new(meter: &Meter, api_calls: Arc<AtomicU64>) -> Self {
        // Held by the provider.
        let _ = meter
            .u64_observable_counter("holdline.salesforce.requests")
            .with_description("Requests sent to Salesforce")
            .with_callback(move |observer| observer.observe(api_calls.load(Ordering::Relaxed), &[]))
            .build();
        let counter = |name, about| meter.u64_counter(name).with_description(about).build();
        let histogram = |name, unit, about| {
            meter
                .u64_histogram(name)
                .with_unit(unit)
                .with_description(about)
                .build()
        };
        Self {
            calls: counter("holdline.calls", "Calls that were accepted"),
            requests: counter(
                "holdline.requests",
                "Requests to go Offline, by what the guard did",
            ),
            holds: counter("holdline.holds", "Holds that are over, by how they ended"),
            reconnects: counter("holdline.reconnects", "Connections that came back, by which"),
            problems: counter("holdline.problems", "Problems that came up, by which"),
            confirmed: histogram(
                "holdline.apply.duration",
                "ms",
                "From sending a state until it is read back",
            ),
            decided: histogram("holdline.decide.duration", "us", "From an event to its decision"),
        }
    }

    fn record(&self, measurement: Measurement) {
        use Measurement as M;
        match measurement {
            M::Call => self.calls.add(1, &[]),
            M::Confirmed { side, ms } => self.confirmed.record(ms, &[KeyValue::new("side", side)]),
            M::Decided { us } => self.decided.record(us, &[]),
            M::Hold { end } => self.holds.add(1, &[KeyValue::new("end", end)]),
            M::Problem { code } => self.problems.add(1, &[KeyValue::new("code", code)]),
            M::Reconnect { to } => self.reconnects.add(1, &[KeyValue::new("to", to)]),
            M::Request { guard, reason } => {
                self.requests.add(
                    1,
                    &[KeyValue::new("guard", guard), KeyValue::new("reason", reason)],
                );
            }
        }
    }

    pub(crate) fn measure(&self, cause: &trace::line::Cause, seen: &mut measure::Seen) {
        for measurement in measure(cause, seen) {
            self.record(measurement);
        }
    }
}

pub(crate) use measure::Seen;
