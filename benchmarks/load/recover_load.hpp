#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "channel_load.hpp"

namespace flamigo::load {

/// Connections that come back to a channel all at once, and get what they have
/// missed. An operation is an event that one of them gets in this way. Beside
/// it, in turn, as many bytes are sent to all of them as events of no channel.
class recover_load : public channel_load {
public:
  explicit recover_load(const options& what);

protected:
  void perform() override;

  void complete(report& out) const override;

  void answered(connection& who, const wire_message& what) override;

  void heard(connection& who, const wire_message& what,
             std::size_t size) override;

private:
  /// Both, one after the other. False if something has gone wrong.
  bool round(bool measures);

  bool send_plainly(bool measures);

  bool miss();

  bool recover(bool measures);

  /// Publishes all of them, with texts that are longer by what the offsets of
  /// the others take.
  void publish(std::string_view topic, bool is_longer);

  void expect_all();

  measurement plain_{server_};
  /// Of what is heard now.
  std::string_view topic_;
  /// For each connection, the number of the event that comes next.
  std::vector<std::uint64_t> next_;
  clock::time_point began_;
  std::uint64_t bytes_ = 0;
  /// Where the channel was before they were missed.
  std::string epoch_;
  std::uint64_t offset_ = 0;
};

} // namespace flamigo::load
