//! The relay: where mail is given to, by SMTP, one letter over one connection.
//!
//! Invariants. Nothing goes in clear to another machine: what is not on this one is spoken to under TLS, by STARTTLS or from the
//! first byte, and its certificate is checked. A failure says whose it is: of the relay, when it cannot be reached or does not
//! want us, or of the address, when it is the address that the relay does not want. Only what the relay has taken (the answer to
//! the end of the data) counts as sent. What a relay says is kept for the log, without the address.

use domain::notification::{Answer, MailAddress};
use gm::Secret;
use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// How long the relay may keep silent.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long after the end of the data, when it may look through the letter; whoever gives up too soon sends copies (RFC 5321,
/// 4.5.3.2.6).
const PATIENCE_AT_END: Duration = Duration::from_secs(300);
/// The port of a relay that takes mail from other machines and begins in clear.
const SUBMISSION: u16 = 587;
/// The port of one that begins with TLS.
const SUBMISSIONS: u16 = 465;
/// The port of one on this machine.
const LOCAL: u16 = 25;
/// How a certificate in PEM begins.
const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";
/// Characters of what a relay said that are kept.
const SAID: usize = 200;

/// How a relay is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Secrecy {
    /// In clear, on this machine.
    Clear,
    /// In clear until STARTTLS.
    StartTls,
    /// Under TLS from the first byte.
    Tls,
}

/// A relay, and who writes.
pub struct Relay {
    host: String,
    port: u16,
    secrecy: Secrecy,
    tls: TlsParameters,
    credentials: Option<(String, Secret<String>)>,
    from: Mailbox,
    portal: Option<String>,
}

/// How a relay is reached.
#[derive(Debug, Clone, Default)]
pub struct Configured<'a> {
    /// `smtp://host[:port]` or `smtps://host[:port]`.
    pub address: &'a str,
    /// The address that mail comes from.
    pub from: &'a str,
    /// Name and password, on a line each.
    pub key: Option<&'a str>,
    /// Certificates in PEM of who signed the relay's, beside those that everybody trusts.
    pub authorities: Option<&'a [u8]>,
    /// Scheme, host and port of the portals, to link to them; none = no links.
    pub portal: Option<&'a str>,
}

/// Why a letter was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untaken {
    /// The relay cannot be reached, or does not want us.
    Relay(String),
    /// The relay does not want this address, or this letter.
    Address(Answer, String),
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Relay").field(&self.to_string()).finish()
    }
}

impl fmt::Display for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secrecy == Secrecy::Tls { "smtps" } else { "smtp" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl Relay {
    /// A relay as it is configured.
    ///
    /// # Errors
    /// What is wrong, in words for whoever configures it.
    pub fn new(configured: &Configured<'_>) -> Result<Self, String> {
        let (host, port, secrecy) = place(configured.address)?;
        let from: MailAddress =
            configured.from.parse().map_err(|_| "the sender is no e-mail address".to_owned())?;
        let mailbox = mailbox(&from).map_err(|_| "the sender is no e-mail address".to_owned())?;
        let credentials = configured.key.map(credentials).transpose()?;
        if secrecy == Secrecy::Clear && credentials.is_some() {
            return Err("a relay on this machine is spoken to in clear and gets no password".to_owned());
        }
        Ok(Self {
            tls: tls(&host, configured.authorities)?,
            host,
            port,
            secrecy,
            credentials,
            from: Mailbox::new(Some("一卡通平台".to_owned()), mailbox.email),
            portal: configured.portal.map(str::to_owned),
        })
    }

    /// Scheme, host and port of the portals.
    #[must_use]
    pub fn portal(&self) -> Option<&str> {
        self.portal.as_deref()
    }

    /// Who writes.
    pub(super) fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Whether the relay answers and lets us in.
    ///
    /// # Errors
    /// What it said.
    pub fn look_at(&self) -> Result<(), String> {
        let mut connection = self.connect().map_err(|error| said(&error))?;
        connection.abort();
        Ok(())
    }

    /// Gives a letter to the relay, and waits until it has taken it.
    ///
    /// # Errors
    /// Why it did not.
    pub(super) fn take(&self, to: &MailAddress, letter: &[u8]) -> Result<(), Untaken> {
        let of_relay = |error: lettre::transport::smtp::Error| Untaken::Relay(said(&error));
        let to: Address = to.as_str().parse().map_err(|_| {
            Untaken::Address(Answer::Never, "it is no address to those who make the letter".to_owned())
        })?;
        let mut connection = self.connect().map_err(of_relay)?;
        let outcome = give(&mut connection, &self.from.email, &to, letter);
        if outcome.is_ok() {
            // It has taken the letter, whatever it says to the end.
            drop(connection.quit());
        } else {
            connection.abort();
        }
        outcome
    }

    fn connect(&self) -> Result<SmtpConnection, lettre::transport::smtp::Error> {
        let hello = ClientId::default();
        let at = (self.host.as_str(), self.port);
        let under = (self.secrecy == Secrecy::Tls).then_some(&self.tls);
        let mut connection = SmtpConnection::connect(at, Some(PATIENCE), &hello, under, None)?;
        if self.secrecy == Secrecy::StartTls {
            connection.starttls(&self.tls, &hello)?;
        }
        if let Some((name, password)) = &self.credentials {
            let credentials = Credentials::new(name.clone(), password.expose().clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials)?;
        }
        Ok(connection)
    }
}

/// One letter over a connection that is let in.
fn give(connection: &mut SmtpConnection, from: &Address, to: &Address, letter: &[u8]) -> Result<(), Untaken> {
    let of_relay = |error: lettre::transport::smtp::Error| Untaken::Relay(said(&error));
    let of_address =
        |error: lettre::transport::smtp::Error| match (error.is_permanent(), error.is_transient()) {
            (true, _) => whose(said(&error)),
            (_, true) => Untaken::Address(Answer::NotNow, said(&error)),
            // It broke off.
            _ => Untaken::Relay(said(&error)),
        };
    // Of a letter that it does not want, whatever is wrong may be in the next one no more.
    let of_letter = |error: lettre::transport::smtp::Error| match of_address(error) {
        Untaken::Address(_, said) => Untaken::Address(Answer::NotNow, said),
        other => other,
    };
    let done = |_: Response| ();
    connection.command(Mail::new(Some(from.clone()), Vec::new())).map(done).map_err(of_relay)?;
    connection.command(Rcpt::new(to.clone(), Vec::new())).map(done).map_err(of_address)?;
    connection.command(Data).map(done).map_err(of_letter)?;
    connection
        .set_timeout(Some(PATIENCE_AT_END))
        .map_err(|error| Untaken::Relay(format!("the connection: {error}")))?;
    connection.message(letter).map(done).map_err(of_letter)
}

/// Whose a refusal for good of a recipient is, by its enhanced code (RFC 3463): of the address when that is bad, of the relay when it is
/// about rights, which a relay that delays its refusals says here too (RFC 5321 has 503 and 530 for what it wants first). What says
/// neither is the address's, and not for good.
fn whose(said: String) -> Untaken {
    let has = |start: &str| said.split([' ', ':', '(', ')']).any(|word| word.starts_with(start));
    if has("5.1.") || has("5.2.1") {
        Untaken::Address(Answer::Never, said)
    } else if has("5.7.") || has("503") || has("530") || has("535") {
        Untaken::Relay(said)
    } else {
        Untaken::Address(Answer::NotNow, said)
    }
}

/// A mailbox without a name.
pub(super) fn mailbox(address: &MailAddress) -> Result<Mailbox, lettre::address::AddressError> {
    Ok(Mailbox::new(None, address.as_str().parse()?))
}

fn credentials(key: &str) -> Result<(String, Secret<String>), String> {
    let mut lines = key.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next(), lines.next()) {
        (Some(name), Some(password), None) => Ok((name.to_owned(), Secret::new(password.to_owned()))),
        _ => Err("the key must be a name and a password, on a line each".to_owned()),
    }
}

fn place(address: &str) -> Result<(String, u16, Secrecy), String> {
    const ADDRESS: &str = "must be smtp://host[:port] or smtps://host[:port]";
    let (scheme, rest) = address.split_once("://").ok_or(ADDRESS)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.is_empty() || rest.contains(['/', '?', '#', '@', ' ']) {
        return Err(ADDRESS.to_owned());
    }
    // An IPv6 address stands in brackets.
    let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, port)) => (host, Some(port.strip_prefix(':').ok_or(ADDRESS)?)),
        None => rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() {
        return Err(ADDRESS.to_owned());
    }
    let port = port.map(|port| port.parse::<u16>().map_err(|_| ADDRESS)).transpose()?;
    let (usual, secrecy) = match scheme {
        "smtps" => (SUBMISSIONS, Secrecy::Tls),
        "smtp" if is_here(host) => (LOCAL, Secrecy::Clear),
        "smtp" => (SUBMISSION, Secrecy::StartTls),
        _ => return Err(ADDRESS.to_owned()),
    };
    Ok((host.to_owned(), port.unwrap_or(usual), secrecy))
}

/// Whether it is this machine, by its address: a name may come to mean another one.
fn is_here(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn tls(host: &str, authorities: Option<&[u8]>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = authorities {
        // What holds none is read as an empty list.
        let is_one = pem.windows(CERTIFICATE.len()).any(|part| part == CERTIFICATE);
        let certificate = Certificate::from_pem(pem).ok().filter(|_| is_one);
        let certificate = certificate.ok_or_else(|| "no certificate in PEM".to_owned())?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|error| error.to_string())
}

/// What went wrong, with its causes, and without any address.
fn said(error: &lettre::transport::smtp::Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = inner.source();
    }
    let is_address = |word: &&str| word.contains('@');
    let words = said.split_whitespace().map(|word| if is_address(&word) { "…" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_machine_is_spoken_to_under_tls_and_this_one_in_clear() {
        use Secrecy::{Clear, StartTls, Tls};
        let here = |port, secrecy| Ok(("127.0.0.1".to_owned(), port, secrecy));
        let there = |port, secrecy| Ok(("mail.example.cn".to_owned(), port, secrecy));
        for (address, found) in [
            ("smtp://127.0.0.1", here(25, Clear)),
            ("smtp://127.0.0.1:2525", here(2525, Clear)),
            ("smtp://[::1]:2525", Ok(("::1".to_owned(), 2525, Clear))),
            ("smtp://[::1]", Ok(("::1".to_owned(), 25, Clear))),
            ("smtps://127.0.0.1", here(465, Tls)),
            ("smtp://mail.example.cn", there(587, StartTls)),
            ("smtp://mail.example.cn:25/", there(25, StartTls)),
            ("smtps://mail.example.cn", there(465, Tls)),
            ("smtp://localhost", Ok(("localhost".to_owned(), 587, StartTls))),
        ] {
            assert_eq!(place(address), found, "{address}");
        }
        for address in
            ["", "127.0.0.1", "http://a", "smtp://", "smtp://a:b", "smtp://u:p@a", "smtp://a/b", "smtp://:25"]
        {
            assert!(place(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_refusal_is_the_addresss_or_the_relays() {
        let never = |said: &str| Untaken::Address(Answer::Never, said.to_owned());
        let not_now = |said: &str| Untaken::Address(Answer::NotNow, said.to_owned());
        let relay = |said: &str| Untaken::Relay(said.to_owned());
        for (said, made) in [
            ("permanent error (550): 5.1.1 user unknown", never as fn(&str) -> Untaken),
            ("permanent error (550): 5.2.1 mailbox disabled", never),
            ("permanent error (552): 5.2.2 mailbox full", not_now),
            ("permanent error (554): 5.7.1 Relay access denied", relay),
            ("permanent error (530): Authentication required", relay),
            ("permanent error (550): no", not_now),
        ] {
            assert_eq!(whose(said.to_owned()), made(said), "{said}");
        }
    }

    #[test]
    fn a_relay_is_refused_with_what_is_wrong_with_it() {
        let right = Configured {
            address: "smtp://mail.example.cn",
            from: "ykt@example.cn",
            key: Some("ykt\nsecret\n"),
            ..Configured::default()
        };
        assert_eq!(Relay::new(&right).unwrap().to_string(), "smtp://mail.example.cn:587");
        for (wrong, part) in [
            (Configured { address: "mail.example.cn", ..right.clone() }, "must be smtp://"),
            (Configured { from: "ykt", ..right.clone() }, "no e-mail address"),
            (Configured { key: Some("ykt"), ..right.clone() }, "on a line each"),
            (Configured { address: "smtp://127.0.0.1", ..right.clone() }, "gets no password"),
            (Configured { authorities: Some(b"none"), ..right.clone() }, "certificate"),
        ] {
            let why = Relay::new(&wrong).unwrap_err();
            assert!(why.contains(part), "{why}");
        }
        assert!(!format!("{:?}", Relay::new(&right).unwrap()).contains("secret"));
    }
}
