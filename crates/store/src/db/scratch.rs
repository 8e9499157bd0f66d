//! A database of its own on a `PostgreSQL` server, for one test or one benchmark; gone when it is dropped.

use crate::StoreError;

/// A fresh database inside a server.
#[derive(Debug)]
pub struct Scratch {
    server: String,
    url: String,
    name: String,
}

impl Scratch {
    /// Makes a database with an unused name inside the server of `server`, the URL of any of its databases.
    ///
    /// # Errors
    /// `Config` for a URL without a database; what the server says against it.
    pub fn create(server: &str) -> Result<Self, StoreError> {
        let unread = || StoreError::Config("a server is given as postgres://user@host:port/database".into());
        let (base, query) =
            server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
        let (address, _) =
            base.rsplit_once('/').filter(|(address, _)| address.contains("//")).ok_or_else(unread)?;
        let name = format!("scratch_{:032x}", u128::from_be_bytes(gm::random::bytes()));
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        postgres::Client::connect(server, postgres::NoTls)?
            .batch_execute(&format!("create database {name}"))?;
        Ok(Self { server: server.to_owned(), url: format!("{address}/{name}{query}"), name })
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A server that has gone has taken the database with it.
        if let Ok(mut client) = postgres::Client::connect(&self.server, postgres::NoTls) {
            let _ = client.batch_execute(&format!("drop database if exists {} with (force)", self.name));
        }
    }
}
