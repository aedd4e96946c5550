#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "delivery_ledger.hpp"
#include "scenario.hpp"
#include "wire_message.hpp"

namespace flamigo::load {

/// Subscribers of one topic, and further connections that publish on it: each
/// has as many publishes in flight as asked for, until the server acknowledges
/// them; in lockstep, until all subscribers have heard them. An operation is a
/// delivery.
class fanout_load : public scenario {
public:
  explicit fanout_load(const options& what);

  void received(connection& who, std::string_view text) override;

protected:
  void perform() override;

  void complete(report& out) const override;

private:
  void subscribe();

  /// Every publisher publishes all it may.
  void publish_round();

  void publish(std::size_t publisher);

  void acknowledged(connection& who, std::string_view text);

  void delivered(connection& who, std::string_view text);

  bool all_is_delivered() const;

  /// Whether the payload is that of an event, and of which.
  bool read_event(std::string_view payload, std::uint64_t& publisher,
                  std::uint64_t& number) const;

  delivery_ledger ledger_;
  /// How many events each publisher has published, and when it did.
  std::vector<std::uint64_t> published_;
  std::vector<std::vector<clock::time_point>> published_at_;
  /// The numbers that await their acknowledgement, for each publisher.
  std::vector<std::vector<std::uint64_t>> in_flight_;
  std::size_t subscribed_ = 0;
  std::uint64_t published_in_all_ = 0;
  std::uint64_t acknowledged_in_all_ = 0;
  std::string text_;
};

} // namespace flamigo::load
