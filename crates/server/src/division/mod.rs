//! Administrative divisions for whoever has to show or choose one. The table is `domain::division`.

pub mod http;
