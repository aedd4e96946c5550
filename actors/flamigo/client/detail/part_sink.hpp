#pragma once

#include <string>
#include <string_view>

#include "flamigo/client/detail/client_output.hpp"
#include "flamigo/strategy/strategy.hpp"
#include "flamigo/task/detail/item_sink.hpp"

namespace flamigo::detail {

/// Sends the parts of one answer. While there is no room for the next, it is in
/// the queue of its client.
class part_sink final : public item_sink {
public:
  /// Those that wait until there is room, in turn.
  class queue {
  public:
    /// Has each of them try again, once. Who finds no room stands behind the
    /// others.
    void make_room();

  private:
    friend part_sink;

    /// Where one is, or the end.
    part_sink** place(const part_sink* of) noexcept;

    part_sink* first_ = nullptr;
  };

  /// `out` and `waits` outlive it.
  part_sink(client_output& out, queue& waits, strategy_ptr what,
            std::string_view ack_id);

  part_sink(const part_sink&) = delete;

  part_sink& operator=(const part_sink&) = delete;

  ~part_sink() override;

  bool put(std::string_view json) override;

  void flush() override;

private:
  void link() noexcept;

  void unlink() noexcept;

  client_output& out_;
  queue& queue_;
  strategy_ptr what_;
  std::string ack_id_;
  part_sink* next_ = nullptr;
  bool waits_ = false;
};

} // namespace flamigo::detail
