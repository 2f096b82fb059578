//! A proxy that adds TLS to a plain HTTP server, with its own certificate authority.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A server that terminates TLS and forwards the bytes to a backend, as a gateway does.
pub(crate) struct TlsProxy {
    port: u16,
    /// The PEM file of the authority that signed its certificate.
    pub(crate) root: PathBuf,
    handshakes: Arc<AtomicUsize>,
    _folder: tempfile::TempDir,
}

impl TlsProxy {
    pub(crate) async fn start(backend: SocketAddr, names: &[&str]) -> Self {
        Self::start_with(&[], backend, names, |_| {}).await
    }

    /// Offers these protocols by ALPN. The backend must support each of them.
    #[allow(dead_code, reason = "the tests of the program use this file too")]
    pub(crate) async fn start_with_protocols(protocols: &[&str], backend: SocketAddr, names: &[&str]) -> Self {
        Self::start_with(protocols, backend, names, |_| {}).await
    }

    /// Presents a certificate that is changed before it is signed.
    pub(crate) async fn start_with(
        protocols: &[&str],
        backend: SocketAddr,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // OpenSSL takes a certificate for self-signed if its issuer has the same name.
        params.distinguished_name.push(DnType::CommonName, "tests");
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        change(&mut params);
        let certificate = params.signed_by(&key, &authority).unwrap();

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root.pem");
        fs::write(&root, authority.pem()).unwrap();

        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let handshakes = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&handshakes);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, counter) = (acceptor.clone(), Arc::clone(&counter));
                tokio::spawn(async move {
                    // The client rejected the certificate or disconnected.
                    let Ok(mut inside) = acceptor.accept(stream).await else {
                        return;
                    };
                    counter.fetch_add(1, Ordering::SeqCst);
                    let mut server = TcpStream::connect(backend).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut inside, &mut server).await;
                });
            }
        });
        Self {
            port,
            root,
            handshakes,
            _folder: folder,
        }
    }

    #[allow(dead_code, reason = "only the tests of the program use it")]
    pub(crate) fn addr(&self) -> SocketAddr {
        (std::net::Ipv4Addr::LOCALHOST, self.port).into()
    }

    pub(crate) fn url(&self, host: &str) -> String {
        format!("https://{host}:{}", self.port)
    }

    #[allow(dead_code, reason = "the tests of the program use this file too")]
    pub(crate) fn handshakes(&self) -> usize {
        self.handshakes.load(Ordering::SeqCst)
    }
}
