//! A program that acts over a keep-alive connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

pub struct Program {
    stream: TcpStream,
    address: SocketAddr,
    token: &'static str,
}

impl Program {
    pub fn connect(address: SocketAddr, token: &'static str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, address, token }
    }

    /// Seconds until the whole answer is there.
    pub fn post(&mut self, path: &str, body: &str) -> f64 {
        let Self { address, token, .. } = self;
        let request = format!(
            "POST /api/v1{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut answer = [0; 8 * 1024];
        let (asked, mut got) = (Instant::now(), 0);
        self.stream.write_all(request.as_bytes()).unwrap();
        // An answer is one JSON object; its end is the end of what comes.
        while got == 0 || answer[got - 1] != b'}' {
            got += self.stream.read(&mut answer[got..]).unwrap();
        }
        let took = asked.elapsed().as_secs_f64();
        let done = answer.starts_with(b"HTTP/1.1 201") || answer.starts_with(b"HTTP/1.1 200");
        assert!(done, "{}", String::from_utf8_lossy(&answer[..got]));
        took
    }
}
