//! The checks, one per file.

mod chatty_interface;
mod connection_fan_out;
mod cross_boundary_foreign_key;
mod cross_boundary_join;
mod cross_boundary_transaction;
mod detached_work;
mod file_system;
mod hidden_context;
mod hub;
mod in_process_state;
mod n_plus_one_across_cut;
mod request_shape;
mod service_cycle;
mod shared_table_write;
mod start_up_work;
mod too_many_parts;
mod uncertain_edge;
mod unsendable_type;

use super::Detector;

/// Every check, in no order that matters: findings are sorted.
pub const DETECTORS: &[Detector] = &[
    chatty_interface::DETECTOR,
    connection_fan_out::DETECTOR,
    cross_boundary_foreign_key::DETECTOR,
    cross_boundary_join::DETECTOR,
    cross_boundary_transaction::DETECTOR,
    detached_work::DETECTOR,
    file_system::DETECTOR,
    hidden_context::DETECTOR,
    hub::DETECTOR,
    in_process_state::DETECTOR,
    n_plus_one_across_cut::DETECTOR,
    request_shape::BIG_PAYLOAD,
    request_shape::STREAMING_SOCKET,
    service_cycle::DETECTOR,
    shared_table_write::DETECTOR,
    start_up_work::DETECTOR,
    too_many_parts::DETECTOR,
    uncertain_edge::DETECTOR,
    unsendable_type::DETECTOR,
];
