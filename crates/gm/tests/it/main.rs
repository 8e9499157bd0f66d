//! Known answers, refusals, properties, and agreement with another implementation.

mod self_test;
