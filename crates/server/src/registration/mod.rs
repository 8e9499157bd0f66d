//! 单位注册: a company files who it is, without an account; the operator's two administrators answer.
//!
//! Invariant: a stranger is told the same whether a company is known or not, and reads a registration only with the
//! receipt that its filing was answered with. So many wait at most; what is not answered lapses, and what has ended is
//! forgotten after a time. Who can be reached is sealed, and revealed one at a time to those who answer. The rules are in `domain::registration`.

pub mod http;
pub mod service;
