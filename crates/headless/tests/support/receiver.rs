//! A small OTLP/HTTP receiver, as a collector is one.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::any;
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use prost::Message as _;
use tokio::net::TcpListener;

#[derive(Clone, Default)]
pub(crate) struct Receiver {
    got: Arc<Mutex<Vec<Bytes>>>,
    pub(crate) port: u16,
}

impl Receiver {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            ..Self::default()
        };
        let routes = Router::new().fallback(any(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        receiver
    }

    /// Every body that came, undecoded.
    pub(crate) fn bodies(&self) -> Vec<Bytes> {
        self.got.lock().unwrap().clone()
    }

    pub(crate) fn exports(&self) -> Vec<ExportMetricsServiceRequest> {
        let decoded = self
            .bodies()
            .into_iter()
            .map(|body| ExportMetricsServiceRequest::decode(body).unwrap());
        decoded.collect()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Vec<u8> {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    receiver.got.lock().unwrap().push(body);
    ExportMetricsServiceResponse::default().encode_to_vec()
}
