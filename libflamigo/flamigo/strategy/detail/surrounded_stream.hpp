#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/strategy/detail/around_list.hpp"
#include "flamigo/strategy/detail/begun_call.hpp"
#include "flamigo/strategy/detail/nested_port.hpp"
#include "flamigo/task/detail/item_sink.hpp"
#include "flamigo/task/detail/json_stream.hpp"

namespace flamigo::detail {

/// A stream with a coroutine around it. The coroutine is a task of its own,
/// begun when the first item is asked for; what its `next` gives is poured into
/// this, from where who reads takes one item after the other: the next one is
/// made when the one before was taken. All of it in one actor. Whichever ends
/// first, the others are stopped; who reads is told of the end when the
/// coroutine has ended.
class surrounded_stream final
  : public item_sink,
    public std::enable_shared_from_this<surrounded_stream> {
public:
  explicit surrounded_stream(
    std::shared_ptr<const around_function> what) noexcept
    : what_(std::move(what)) {
  }

  /// The items, for who reads. Nothing runs before the first one is asked for.
  static json_stream items(std::shared_ptr<const around_function> what,
                           std::shared_ptr<const strategy_handlers> rest,
                           context of);

  /// Takes the items of the rest, which is this call, and says in `call` what
  /// it has come to, or where that will be told.
  void take(begun_call& call, json_stream rows, const context& of,
            nested_port& port);

  // -- item_sink --------------------------------------------------------------

  bool put(std::string_view json) override;

  void kept(root_task& by) noexcept override;

  void end(root_task& by, caf::error why) override;

private:
  class reader;
  class read_section;

  void begin(std::shared_ptr<const strategy_handlers> rest, const context& of);

  /// The coroutine has ended.
  void finish(caf::expected<raw_json> answer);

  /// Nobody reads any more.
  void close(errc why) noexcept;

  /// Whether there is something to read, or nothing more will come.
  bool ask() noexcept;

  void wake() noexcept;

  std::shared_ptr<const around_function> what_;
  running_tasks* ground_ = nullptr;
  /// The coroutine around, while it waits for something.
  root_task* around_ = nullptr;
  /// Its call.
  std::shared_ptr<call_state> call_;
  /// What pours the rest, while it waits for something.
  root_task* pouring_ = nullptr;
  /// Who waits for an item.
  reader* reader_ = nullptr;
  /// There until it was taken.
  std::string_view item_;
  bool has_item_ = false;
  bool is_shown_ = false;
  bool is_taken_ = false;
  /// Whether `next` was called and has not ended.
  bool is_poured_ = false;
  bool has_ended_ = false;
  /// With which it has ended.
  caf::error error_;
  /// Why nobody reads any more.
  errc closed_ = errc::none;
};

} // namespace flamigo::detail
