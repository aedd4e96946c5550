#pragma once

#include <memory>
#include <string_view>

#include "flamigo/claims/claims.hpp"
#include "flamigo/http/detail/held_request.hpp"

namespace flamigo::detail {

class call_state;
class http_task_handler;
class request_runner;

/// A request that a coroutine answers. For the thread of both.
class held_task final : public held_request {
public:
  /// The runner stops what is at work when nobody waits for it any more. The
  /// body is there until the owner leaves.
  held_task(owner& waiting, io_thread& thread, request_runner& runner,
            const http_task_handler& mounted, http_request what,
            std::string_view text, claims_ptr sender);

  ~held_task() override;

  const http_task_handler& handler;
  /// Until the handler has it.
  http_request request;
  /// That of the request, elsewhere, as long as somebody waits.
  const std::string_view body;
  const claims_ptr who;
  /// What goes on for it; null before it waits for the first time.
  std::shared_ptr<call_state> call;

private:
  void abandoned() override;

  request_runner& runner_;
};

} // namespace flamigo::detail
