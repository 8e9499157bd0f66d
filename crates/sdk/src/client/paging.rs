//! Lists, item by item, asking for the next page when the last one is used up.

use std::vec::IntoIter;

use serde::de::DeserializeOwned;

use super::call::with_query;
use super::{Call, Client, Error};
use crate::types::Page;

/// The items of a list. After an error it ends.
pub struct Items<'c, T> {
    client: &'c Client,
    path: String,
    page: IntoIter<T>,
    next: Next,
}

enum Next {
    First,
    Cursor(String),
    None,
}

impl<'c, T> Items<'c, T> {
    pub(super) fn new(client: &'c Client, path: String) -> Self {
        Self { client, path, page: Vec::new().into_iter(), next: Next::First }
    }
}

impl<T: DeserializeOwned> Items<'_, T> {
    /// Every item at once.
    ///
    /// # Errors
    /// The first error of any page.
    pub fn all(self) -> Result<Vec<T>, Error> {
        self.collect()
    }

    fn turn(&mut self) -> Result<(), Error> {
        let path = match std::mem::replace(&mut self.next, Next::None) {
            Next::First => self.path.clone(),
            Next::Cursor(cursor) => with_query(&self.path, &[("cursor", Some(&cursor))]),
            Next::None => return Ok(()),
        };
        let page: Page<T> = self.client.send(&Call::get(path))?;
        self.page = page.data.into_iter();
        if let (true, Some(cursor)) = (page.has_more, page.next_cursor) {
            self.next = Next::Cursor(cursor);
        }
        Ok(())
    }
}

impl<T: DeserializeOwned> Iterator for Items<'_, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            if matches!(self.next, Next::None) {
                return None;
            }
            if let Err(error) = self.turn() {
                return Some(Err(error));
            }
        }
    }
}
