//! Accepts connections, in plain or by TLS, and gives each a deadline. The stock loop has none while a request's head is
//! incomplete, and a few hundred half-open connections stall it for good.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::limits::{self, HEAD_BYTES, HEAD_LINES, Limits};
use super::places::Places;
use crate::tasks::Pulse;

/// How often whoever accepts gives a sign of life.
const BEAT: Duration = Duration::from_secs(2);
/// For what is under way when the box closes.
const CLOSING: Duration = Duration::from_millis(1_500);

/// Who is at the other end.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The first byte of whoever speaks TLS: a record with a handshake in it (RFC 8446, 5.1).
const HANDSHAKE: u8 = 0x16;

/// What is served.
#[derive(Clone)]
pub struct Served {
    pub router: Router,
    /// How TLS is spoken; none in plain.
    pub tls: Option<Tls>,
    /// The sign of life of whoever accepts.
    pub pulse: Pulse,
    pub limits: Limits,
    /// Those of connections.
    pub places: Places,
}

/// TLS, and what whoever comes in plain all the same is told.
#[derive(Clone)]
pub struct Tls {
    pub acceptor: TlsAcceptor,
    pub in_plain: Router,
}

pub async fn run(listener: TcpListener, served: Served, mut closing: watch::Receiver<bool>) {
    let places = served.places.clone();
    let mut beats = tokio::time::interval(BEAT);
    loop {
        served.pulse.beat();
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = beats.tick() => continue,
            _ = closing.wait_for(|close| *close) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of files, most likely: others will close theirs.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(place) = places.take(peer.ip()) else { continue };
        let (served, closing) = (served.clone(), closing.clone());
        tokio::spawn(async move {
            connection(stream, peer, served, closing).await;
            drop(place);
        });
    }
    served.pulse.rest();
    drop(listener);
    // Whoever still has a place is given a moment to finish.
    let _ = tokio::time::timeout(CLOSING, places.all_free()).await;
}

async fn connection(stream: TcpStream, peer: SocketAddr, served: Served, mut closing: watch::Receiver<bool>) {
    limits::bound(&stream, &served.limits);
    let head = served.limits.head;
    let Served { router, tls: Some(tls), .. } = served else {
        return talk(stream, peer, served.router, head, closing).await;
    };
    // Whoever says nothing, or never ends a handshake, is left behind as with a request's head.
    let hello = async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first[0] != HANDSHAKE {
            return Ok(Hello::Plain(stream));
        }
        tls.acceptor.accept(stream).await.map(|stream| Hello::Tls(Box::new(stream)))
    };
    let hello = tokio::select! {
        hello = tokio::time::timeout(head, hello) => hello,
        _ = closing.wait_for(|close| *close) => return,
    };
    match hello {
        Ok(Ok(Hello::Tls(stream))) => talk(stream, peer, router, head, closing).await,
        Ok(Ok(Hello::Plain(stream))) => talk(stream, peer, tls.in_plain, head, closing).await,
        // A browser that does not trust the certificate yet, most likely.
        Ok(Err(error)) => tracing::debug!(peer = %peer.ip(), %error, "a handshake failed"),
        Err(_) => tracing::debug!(peer = %peer.ip(), "a handshake took too long"),
    }
}

enum Hello {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

/// Answers the requests of one connection.
async fn talk<S>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    head: Duration,
    mut closing: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.map(axum::body::Body::new)
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head);
    http.max_buf_size(HEAD_BYTES).max_headers(HEAD_LINES);
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    // An error here is a browser that went away; there is nobody to tell.
    let closed = async { drop(closing.wait_for(|close| *close).await) };
    let over = tokio::select! {
        _ = connection.as_mut() => true,
        () = closed => false,
    };
    if !over {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}
