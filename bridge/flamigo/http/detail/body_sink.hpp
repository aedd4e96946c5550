#pragma once

#include <memory>
#include <string_view>

#include <caf/error.hpp>

#include "flamigo/task/detail/item_sink.hpp"

namespace flamigo::detail {

class held_task;

/// Where the pieces of a response go: to the client, as it takes them.
class body_sink final : public item_sink {
public:
  explicit body_sink(std::shared_ptr<held_task> to);

  body_sink(const body_sink&) = delete;

  body_sink& operator=(const body_sink&) = delete;

  /// Breaks the response off if it has not ended: its actor has.
  ~body_sink() override;

  bool put(std::string_view piece) override;

  void flush() override;

  void end(root_task& by, caf::error why) override;

  /// The pieces have ended, with an error or with none.
  void end(caf::error why);

private:
  std::shared_ptr<held_task> to_;
};

} // namespace flamigo::detail
