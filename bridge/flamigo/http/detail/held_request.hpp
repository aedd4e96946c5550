#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/http/http.hpp"

namespace flamigo::detail {

class call_state;
class http_task_handler;

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
  /// What goes on for it; null before it waits for the first time.
  std::shared_ptr<call_state> call;

private:
  owner* owner_;
};

} // namespace flamigo::detail
