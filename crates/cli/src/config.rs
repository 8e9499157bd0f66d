//! Configuration: where each value comes from, and whether it can be used.
//!
//! A flag wins over the environment (`YKT_…`), the environment over the file, the file over the default. Invariant:
//! a wrong value is named with its place before anything is opened. An unknown key of the file is wrong, too: a
//! typing error must not silently mean the default.

use crate::failure::Failure;
use domain::staff::Enrolment;
use domain::time::BusinessDate;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// One thing that can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Name in the file; the flag is `--name`, the variable `YKT_NAME`.
    pub name: &'static str,
    /// What holds when nothing is said; none = unset.
    pub default: Option<&'static str>,
    /// For people.
    pub about: &'static str,
    /// Whether it may hold a password.
    pub is_secret: bool,
}

const fn setting(name: &'static str, default: Option<&'static str>, about: &'static str) -> Setting {
    Setting { name, default, about, is_secret: false }
}

/// Everything that can be set.
pub const SETTINGS: [Setting; 23] = [
    setting("data", Some("ykt-data"), "folder of the databases, the keys and the lock"),
    setting("listen", Some("127.0.0.1:8080"), "address and port to serve on; port 0 takes a free one"),
    setting(
        "origin",
        None,
        "scheme, host and port that callers use, as they sign it; by default http://<listen>",
    ),
    Setting {
        is_secret: true,
        ..setting(
            "postgres",
            None,
            "PostgreSQL address; both worlds live in it as schemas. Without it: SQLite",
        )
    },
    setting("log", Some("info"), "log filter, such as `info` or `warn,server=debug`"),
    setting(
        "real_person",
        None,
        "address of the real-person check for production; without it, no e-card is claimed",
    ),
    setting("real_person_key", None, "file of the key that is shared with the real-person check"),
    setting("bank", None, "address of the bank for production; without it, linked accounts are not reached"),
    setting("bank_key", None, "file of the key that is shared with the bank"),
    setting(
        "bucket",
        None,
        "address of a bucket for the files of matters, as http(s)://host[:port]/bucket; without it: below `data`",
    ),
    setting("bucket_region", Some("us-east-1"), "region that the object store gives its buckets"),
    setting("bucket_key", None, "file of the name and the secret of the key for the bucket, on a line each"),
    setting(
        "mail_relay",
        None,
        "address of a relay for e-mail, as smtp://host[:port] or smtps://host[:port]; without it no e-mail is sent",
    ),
    setting("mail_from", None, "address that e-mail comes from"),
    setting(
        "mail_key",
        None,
        "file of the name and the password for the relay, on a line each; without it: neither",
    ),
    setting(
        "mail_authority",
        None,
        "file of the certificate, in PEM, of who signed the relay's; without it: those that browsers trust",
    ),
    setting(
        "staff_factor",
        Some("voluntary"),
        "second factor of staff in production: `compulsory`, or `voluntary` for accounts that enrol one",
    ),
    setting("rate_limit", Some("0"), "requests per minute of each caller and member of staff; 0 = no limit"),
    setting(
        "address_rate_limit",
        Some("0"),
        "requests per minute of each address for what needs no proof, such as signing in; 0 = no limit",
    ),
    setting(
        "trusted_proxies",
        None,
        "addresses of proxies, separated by commas, that say in X-Forwarded-For for whom they ask",
    ),
    setting(
        "metrics_listen",
        None,
        "address and port to tell metrics on, at /metrics, to whoever asks there; without it they are told nowhere",
    ),
    setting(
        "grey_days",
        None,
        "days on which the portals are shown without colours, in mourning, separated by commas, such as 2026-12-13",
    ),
    setting("demo", Some("false"), "load demonstration data once and offer the try-it page"),
];

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nothing was said.
    Default,
    /// The file.
    File(PathBuf),
    /// The variable.
    Environment(String),
    /// The flag.
    Flag(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// A value and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// What it is for.
    pub setting: Setting,
    /// The value, if there is one.
    pub value: Option<String>,
    /// Where it came from.
    pub source: Source,
}

/// The layers that values come from.
pub struct Layers<'a> {
    /// Flags that were given: name and value.
    pub flags: &'a [(&'static str, Option<String>)],
    /// Reads a variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The file, if one was named or the usual one exists.
    pub file: Option<PathBuf>,
}

impl Layers<'_> {
    /// Every setting with its value and source.
    ///
    /// # Errors
    /// Usage: the file cannot be read, is not TOML, or has an unknown key.
    pub fn resolve(&self) -> Result<Vec<Resolved>, Failure> {
        let file = self.file.as_deref().map(read).transpose()?.unwrap_or_default();
        Ok(SETTINGS.iter().map(|setting| self.one(*setting, &file)).collect())
    }

    fn one(&self, setting: Setting, file: &BTreeMap<String, String>) -> Resolved {
        let flag =
            self.flags.iter().find(|(name, _)| *name == setting.name).and_then(|(_, value)| value.clone());
        if let Some(value) = flag {
            return Resolved {
                setting,
                value: Some(value),
                source: Source::Flag(format!("--{}", setting.name)),
            };
        }
        let variable = format!("YKT_{}", setting.name.to_uppercase());
        if let Some(value) = (self.variable)(&variable).filter(|value| !value.is_empty()) {
            return Resolved { setting, value: Some(value), source: Source::Environment(variable) };
        }
        match (file.get(setting.name), &self.file) {
            (Some(value), Some(path)) => {
                Resolved { setting, value: Some(value.clone()), source: Source::File(path.clone()) }
            }
            _ => Resolved { setting, value: setting.default.map(str::to_owned), source: Source::Default },
        }
    }
}

fn read(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let wrong = |why: String| Failure::usage(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        if !SETTINGS.iter().any(|setting| setting.name == key) {
            let known = SETTINGS.map(|setting| setting.name).join(", ");
            return Err(wrong(format!("`{key}` is no setting")).hint(format!("settings are: {known}")));
        }
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Boolean(flag) => flag.to_string(),
            toml::Value::Integer(number) => number.to_string(),
            _ => return Err(wrong(format!("`{key}` must be a text, a whole number, true or false"))),
        };
        values.insert(key, text);
    }
    Ok(values)
}

/// A service outside that shares a key with the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Where it is.
    pub url: String,
    /// File of the shared key.
    pub key_file: PathBuf,
}

impl Peer {
    /// The shared key.
    ///
    /// # Errors
    /// Usage: its file cannot be read or is empty.
    pub fn key(&self) -> Result<gm::Secret<Vec<u8>>, Failure> {
        let file = self.key_file.display();
        let key =
            std::fs::read(&self.key_file).map_err(|error| Failure::usage(format!("{file}: {error}")))?;
        if key.is_empty() {
            Err(Failure::usage(format!("{file} is empty")))
        } else {
            Ok(gm::Secret::new(key))
        }
    }
}

/// A relay for e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRelay {
    /// `smtp://…` or `smtps://…`.
    pub url: String,
    /// The address that mail comes from.
    pub from: String,
    /// File of name and password.
    pub key_file: Option<PathBuf>,
    /// File of the certificate of who signed the relay's.
    pub authority_file: Option<PathBuf>,
}

/// The configuration, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Folder of everything that stays.
    pub data: PathBuf,
    /// Where to serve.
    pub listen: SocketAddr,
    /// What callers sign; none = made from the bound address.
    pub origin: Option<String>,
    /// PostgreSQL instead of SQLite.
    pub postgres: Option<String>,
    /// Address and key file of the real-person check for production.
    pub real_person: Option<Peer>,
    /// Address and key file of the bank for production.
    pub bank: Option<Peer>,
    /// The bucket for the files of matters, with its key file; none = a folder.
    pub bucket: Option<Peer>,
    /// Its region.
    pub bucket_region: String,
    /// The relay for e-mail; none = no e-mail is sent.
    pub mail: Option<MailRelay>,
    /// Whether every account of staff in production must have a second factor.
    pub staff_factor: Enrolment,
    /// Requests per minute of each caller and member of staff.
    pub rate_limit: Option<NonZeroU32>,
    /// Requests per minute of each address for what needs no proof.
    pub address_rate_limit: Option<NonZeroU32>,
    /// Proxies that are believed about the addresses they ask for.
    pub trusted_proxies: Vec<IpAddr>,
    /// Where to tell metrics.
    pub metrics_listen: Option<SocketAddr>,
    /// Days on which the portals have no colours.
    pub grey_days: Vec<BusinessDate>,
    /// Log filter.
    pub log: String,
    /// Whether demonstration data is loaded and the try-it page offered.
    pub demo: bool,
}

impl Configuration {
    /// Checks every value.
    ///
    /// # Errors
    /// Usage: names the setting, where its value came from, and what is wrong with it.
    pub fn check(resolved: &[Resolved]) -> Result<Self, Failure> {
        let get = |name: &str| {
            resolved.iter().find(|row| row.setting.name == name).and_then(|row| row.value.clone())
        };
        let wrong = |name: &str, why: &str| {
            let source =
                resolved.iter().find(|row| row.setting.name == name).map(|row| row.source.to_string());
            Failure::usage(format!("`{name}` ({}) {why}", source.unwrap_or_default()))
        };
        let data = PathBuf::from(
            get("data").filter(|text| !text.is_empty()).ok_or_else(|| wrong("data", "is empty"))?,
        );
        let place = |name: &str, text: String| {
            let example = "must be an IP address and a port, such as 127.0.0.1:8080";
            text.parse::<SocketAddr>().map_err(|_| wrong(name, example))
        };
        let listen = place("listen", get("listen").unwrap_or_default())?;
        let metrics_listen = get("metrics_listen").map(|text| place("metrics_listen", text)).transpose()?;
        let origin = get("origin");
        if origin.as_deref().is_some_and(|text| !is_origin(text)) {
            return Err(wrong("origin", "must be http(s)://host[:port] and nothing after it"));
        }
        let postgres = get("postgres");
        let heads = ["postgres://", "postgresql://"];
        if postgres.as_ref().is_some_and(|url| !heads.iter().any(|head| url.starts_with(head))) {
            return Err(wrong("postgres", "must begin with postgres://"));
        }
        let peer = |name: &str, key: &str| match pair(get, wrong, name, key)? {
            Some(peer) if !peer.url.starts_with("http://") => {
                Err(wrong(name, "must begin with http://; put TLS into a proxy"))
            }
            peer => Ok(peer),
        };
        let real_person = peer("real_person", "real_person_key")?;
        let bank = peer("bank", "bank_key")?;
        let bucket = pair(get, wrong, "bucket", "bucket_key")?;
        let mail = mail(get, wrong)?;
        let factor = |_| wrong("staff_factor", "must be compulsory or voluntary");
        let staff_factor = get("staff_factor").unwrap_or_default().parse().map_err(factor)?;
        let per_minute = |name: &str| per_minute(get(name)).map_err(|why| wrong(name, why));
        let (rate_limit, address_rate_limit) = (per_minute("rate_limit")?, per_minute("address_rate_limit")?);
        let addresses = "must be IP addresses, separated by commas";
        let trusted_proxies = list(get, wrong, "trusted_proxies", addresses)?;
        let grey_days = list(get, wrong, "grey_days", "must be days, separated by commas")?;
        let log = get("log").unwrap_or_default();
        if tracing_subscriber::EnvFilter::try_new(&log).is_err() {
            return Err(wrong("log", "is not a log filter"));
        }
        let demo = truth(get("demo").as_deref()).map_err(|why| wrong("demo", why))?;
        if demo && origin.as_deref().is_some_and(|text| text.starts_with("https://")) {
            return Err(wrong("demo", "needs an http:// origin: its own channel and terminal speak no TLS"));
        }
        Ok(Self {
            data,
            listen,
            origin,
            postgres,
            real_person,
            bank,
            bucket,
            bucket_region: get("bucket_region").unwrap_or_default(),
            mail,
            staff_factor,
            rate_limit,
            address_rate_limit,
            trusted_proxies,
            metrics_listen,
            grey_days,
            log,
            demo,
        })
    }
}

/// An address and the file of the key that belongs to it: both or neither.
fn pair(
    get: impl Fn(&str) -> Option<String>,
    wrong: impl Fn(&str, &str) -> Failure,
    name: &str,
    key: &str,
) -> Result<Option<Peer>, Failure> {
    match (get(name), get(key)) {
        (None, None) => Ok(None),
        (Some(url), Some(file)) => Ok(Some(Peer { url, key_file: PathBuf::from(file) })),
        (Some(_), None) => Err(wrong(key, &format!("is missing; `{name}` needs it"))),
        (None, Some(_)) => Err(wrong(name, &format!("is missing; `{key}` needs it"))),
    }
}

/// A relay and the address that mail comes from: both or neither, and what belongs to them only with them.
fn mail(
    get: impl Fn(&str) -> Option<String>,
    wrong: impl Fn(&str, &str) -> Failure,
) -> Result<Option<MailRelay>, Failure> {
    let file = |name: &str| get(name).map(PathBuf::from);
    let Some(url) = get("mail_relay") else {
        let alone = ["mail_from", "mail_key", "mail_authority"].into_iter().find(|name| get(name).is_some());
        return alone
            .map_or(Ok(None), |name| Err(wrong("mail_relay", &format!("is missing; `{name}` needs it"))));
    };
    let from = get("mail_from").ok_or_else(|| wrong("mail_from", "is missing; `mail_relay` needs it"))?;
    Ok(Some(MailRelay { url, from, key_file: file("mail_key"), authority_file: file("mail_authority") }))
}

/// A limit of requests; 0 is none.
fn per_minute(text: Option<String>) -> Result<Option<NonZeroU32>, &'static str> {
    let number = text.unwrap_or_default().parse::<u32>();
    number.map(NonZeroU32::new).map_err(|_| "must be a whole number of requests per minute")
}

fn truth(text: Option<&str>) -> Result<bool, &'static str> {
    match text {
        Some("true") => Ok(true),
        Some("false") | None => Ok(false),
        Some(_) => Err("must be true or false"),
    }
}

/// What stands between commas; nothing when nothing is said.
fn list<One: FromStr>(
    get: impl Fn(&str) -> Option<String>,
    wrong: impl Fn(&str, &str) -> Failure,
    name: &str,
    why: &str,
) -> Result<Vec<One>, Failure> {
    let text = get(name).unwrap_or_default();
    let items = text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::parse);
    items.collect::<Result<_, _>>().map_err(|_| wrong(name, why))
}

fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']))
}

/// A value as it may be shown: a password inside an address is covered.
pub fn shown(resolved: &Resolved) -> String {
    let Some(value) = &resolved.value else { return "-".into() };
    if !resolved.setting.is_secret {
        return value.clone();
    }
    match (value.find("://"), value.find('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}…{}", &value[..scheme + 3], &value[at..]),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(flags: &[(&'static str, Option<String>)], environment: &[(&str, &str)]) -> Vec<Resolved> {
        let variable = |name: &str| {
            environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        Layers { flags, variable: &variable, file: None }.resolve().unwrap()
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_the_environment_over_the_default() {
        let rows = resolve(
            &[("listen", Some("0.0.0.0:1".into()))],
            &[("YKT_LISTEN", "0.0.0.0:2"), ("YKT_DATA", "d")],
        );
        assert_eq!(rows[0].source, Source::Environment("YKT_DATA".into()));
        assert_eq!(
            (rows[1].value.as_deref(), &rows[1].source),
            (Some("0.0.0.0:1"), &Source::Flag("--listen".into()))
        );
        assert_eq!(rows[4].source, Source::Default);
    }

    #[test]
    fn a_wrong_value_is_named_with_its_place() {
        for (variable, value, part) in [
            ("YKT_LISTEN", "8080", "must be an IP address"),
            ("YKT_METRICS_LISTEN", "9464", "must be an IP address"),
            ("YKT_ORIGIN", "http://x/y", "nothing after it"),
            ("YKT_POSTGRES", "mysql://", "must begin with postgres://"),
            ("YKT_DEMO", "yes", "true or false"),
            ("YKT_RATE_LIMIT", "-1", "whole number"),
            ("YKT_ADDRESS_RATE_LIMIT", "many", "whole number"),
            ("YKT_TRUSTED_PROXIES", "10.0.0.1, proxy", "must be IP addresses"),
            ("YKT_GREY_DAYS", "2026-12-13, 2026-02-30", "must be days"),
            ("YKT_STAFF_FACTOR", "yes", "compulsory or voluntary"),
            ("YKT_BANK", "http://bank", "is missing; `bank` needs it"),
            ("YKT_MAIL_RELAY", "smtp://relay", "is missing; `mail_relay` needs it"),
            ("YKT_MAIL_FROM", "ykt@example.cn", "is missing; `mail_from` needs it"),
            ("YKT_MAIL_KEY", "key", "is missing; `mail_key` needs it"),
            ("YKT_BUCKET_KEY", "key", "is missing; `bucket_key` needs it"),
        ] {
            let failure = Configuration::check(&resolve(&[], &[(variable, value)])).unwrap_err();
            assert!(failure.message.contains(part), "{failure}");
            let is_of_another = part.starts_with("is missing");
            assert!(failure.message.contains(variable) || is_of_another, "{failure}");
        }
    }

    #[test]
    fn several_values_stand_between_commas() {
        let rows = resolve(&[], &[("YKT_GREY_DAYS", "2026-12-13, 2027-12-13,"), ("YKT_TRUSTED_PROXIES", "")]);
        let configuration = Configuration::check(&rows).unwrap();
        let days = configuration.grey_days.iter().map(ToString::to_string);
        assert_eq!(days.collect::<Vec<_>>(), ["2026-12-13", "2027-12-13"]);
        assert!(configuration.trusted_proxies.is_empty());
    }

    #[test]
    fn a_number_in_the_file_may_be_written_as_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ykt.toml");
        std::fs::write(&path, "rate_limit = 600\nlisten = \"127.0.0.1:1\"\n").unwrap();
        let layers = Layers { flags: &[], variable: &|_| None, file: Some(path.clone()) };
        let configuration = Configuration::check(&layers.resolve().unwrap()).unwrap();
        assert_eq!(configuration.rate_limit, NonZeroU32::new(600));

        std::fs::write(&path, "rate_limit = 0.5\n").unwrap();
        let failure = layers.resolve().unwrap_err();
        assert!(failure.message.contains("`rate_limit` must be a text, a whole number"), "{failure}");
    }

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        let rows = resolve(&[], &[("YKT_POSTGRES", "postgres://u:geheim@h/db")]);
        assert_eq!(shown(&rows[3]), "postgres://…@h/db");
    }
}
