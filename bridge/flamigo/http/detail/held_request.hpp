#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/http/http.hpp"

namespace flamigo::detail {

class http_task_handler;
class root_task;

/// A request whose response comes later: what its session has in common with
/// the coroutine that answers it. For the thread of both.
class held_request {
public:
  /// Whose client waits.
  class owner {
  public:
    /// Called once, unless it has left.
    virtual void answered(caf::expected<http_response> what) = 0;

  protected:
    ~owner() = default;
  };

  /// The owner and the body are there until the owner leaves.
  held_request(owner& waiting, const http_task_handler& mounted,
               http_request what, std::string_view text, claims_ptr sender);

  held_request(const held_request&) = delete;

  held_request& operator=(const held_request&) = delete;

  ~held_request();

  /// Whether somebody waits for the response.
  bool is_awaited() const noexcept {
    return owner_ != nullptr;
  }

  /// Does nothing when it was answered, or nobody waits any more.
  void answer(caf::expected<http_response> what);

  /// Nobody waits any more.
  void leave() noexcept {
    owner_ = nullptr;
  }

  const http_task_handler& handler;
  /// As a strategy's name: `POST /orders`.
  const std::string name;
  /// Until the handler has it.
  http_request request;
  /// That of the request, elsewhere, as long as somebody waits.
  const std::string_view body;
  const claims_ptr who;
  /// What answers it, from when it waits for the first time until it has ended.
  root_task* running = nullptr;

private:
  owner* owner_;
};

} // namespace flamigo::detail
