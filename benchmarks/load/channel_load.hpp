#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "scenario.hpp"
#include "wire_message.hpp"

namespace flamigo::load {

/// What loads of channels have in common: parts that follow one another, in
/// which requests are answered and events heard.
class channel_load : public scenario {
public:
  using scenario::scenario;

  void received(connection& who, std::string_view text) override;

protected:
  /// Topics of flamigo-bench-server; none of a channel.
  static constexpr std::string_view plain_topic = "load:others";

  /// A request has been answered.
  virtual void answered(connection&, const wire_message&) {
  }

  /// An event has come, `size` bytes long.
  virtual void
  heard(connection& who, const wire_message& what, std::size_t size)
    = 0;

  void complete(report& out) const override;

  void ask(connection& who, std::string_view strategy,
           std::string_view payload);

  /// Has those of these numbers ask for it.
  void ask_all(std::size_t begin, std::size_t end, std::string_view strategy,
               std::string_view payload);

  /// Waits until all is answered and heard. False, with an error, if it is not.
  bool settle();

  /// Events that are still to come.
  std::uint64_t missing_ = 0;

private:
  /// Requests without an answer.
  std::uint64_t awaited_ = 0;
  std::string text_;
};

} // namespace flamigo::load
