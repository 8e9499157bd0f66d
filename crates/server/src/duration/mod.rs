//! 办理时长: how long the steps of applications took, counted from their history when somebody asks; nothing of it is stored.

pub mod http;
pub mod service;
