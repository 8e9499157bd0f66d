//! A place of its own on a `PostgreSQL` server, for one test or one benchmark; gone when it is dropped.
//!
//! It is a schema, not a database: a schema comes and goes without a checkpoint of the whole server, which is
//! several times faster. Schemas that are made beside it ([`crate::Config::schema`]) begin with its name and go with it.

use crate::StoreError;

/// A fresh schema inside a database.
#[derive(Debug)]
pub struct Scratch {
    server: String,
    url: String,
    name: String,
}

impl Scratch {
    /// Makes a schema with an unused name inside the database of `server`; whoever opens [`Scratch::url`] sees it
    /// and nothing else.
    ///
    /// # Errors
    /// What the server says against it.
    pub fn create(server: &str) -> Result<Self, StoreError> {
        let name = format!("scratch_{:032x}", u128::from_be_bytes(gm::random::bytes()));
        postgres::Client::connect(server, postgres::NoTls)?
            .batch_execute(&format!("create schema {name}"))?;
        let separator = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{separator}options=-c%20search_path%3D{name}");
        Ok(Self { server: server.to_owned(), url, name })
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A server that has gone has taken the schema with it.
        if let Ok(mut client) = postgres::Client::connect(&self.server, postgres::NoTls) {
            let _ = client.batch_execute("set client_min_messages = error");
            let schemas = "select nspname::text from pg_namespace where starts_with(nspname, $1)";
            for row in client.query(schemas, &[&self.name]).unwrap_or_default() {
                let schema: String = row.get(0);
                let _ = client.batch_execute(&format!("drop schema if exists {schema} cascade"));
            }
        }
    }
}
