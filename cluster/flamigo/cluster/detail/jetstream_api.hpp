#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

// What is said to JetStream and what it answers, as JSON: its API for streams
// and consumers, as far as a journal needs it.

namespace flamigo::detail::jetstream {

/// What JetStream says that has not done what it was asked for.
struct api_error {
  std::optional<int> code;
  std::optional<int> err_code;
  std::optional<std::string> description;
};

BOOST_DESCRIBE_STRUCT(api_error, (), (code, err_code, description))

struct stream_state {
  std::optional<std::uint64_t> first_seq;
  std::optional<std::uint64_t> last_seq;
};

BOOST_DESCRIBE_STRUCT(stream_state, (), (first_seq, last_seq))

struct stream_config {
  std::string name;
  std::vector<std::string> subjects;
  std::string storage = "file";
  std::string retention = "limits";
  std::string discard = "old";
  /// In nanoseconds.
  std::int64_t max_age = 0;
  std::int64_t max_bytes = 0;
  std::uint64_t num_replicas = 1;
};

BOOST_DESCRIBE_STRUCT(stream_config, (),
                      (name, subjects, storage, retention, discard, max_age,
                       max_bytes, num_replicas))

/// Of a stream. The name is said by servers of a cluster only.
struct cluster_info {
  std::optional<std::string> name;
};

BOOST_DESCRIBE_STRUCT(cluster_info, (), (name))

struct stream_reply {
  std::optional<api_error> error;
  std::optional<std::string> created;
  std::optional<stream_state> state;
  std::optional<stream_config> config;
  std::optional<cluster_info> cluster;
};

BOOST_DESCRIBE_STRUCT(stream_reply, (),
                      (error, created, state, config, cluster))

struct consumer_config {
  std::string deliver_subject;
  std::string deliver_policy = "by_start_sequence";
  std::uint64_t opt_start_seq = 1;
  std::string ack_policy = "none";
  std::string replay_policy = "instant";
  bool flow_control = true;
  /// In nanoseconds.
  std::int64_t idle_heartbeat = 1'000'000'000;
};

BOOST_DESCRIBE_STRUCT(consumer_config, (),
                      (deliver_subject, deliver_policy, opt_start_seq,
                       ack_policy, replay_policy, flow_control, idle_heartbeat))

struct consumer_request {
  std::string stream_name;
  consumer_config config;
};

BOOST_DESCRIBE_STRUCT(consumer_request, (), (stream_name, config))

struct consumer_reply {
  std::optional<api_error> error;
  std::optional<std::string> name;
};

BOOST_DESCRIBE_STRUCT(consumer_reply, (), (error, name))

} // namespace flamigo::detail::jetstream
