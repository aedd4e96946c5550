#pragma once

#include <memory>
#include <string>

#include "flamigo/engineio/detail/engine_error.hpp"
#include "flamigo/http/detail/held_request.hpp"

namespace flamigo::detail {

class engine_session;

/// A GET or POST of a session, which is held by the HTTP session that it came
/// by, and answered from the thread of its Engine.IO session.
class held_poll final : public held_request {
public:
  /// `common` are headers of each answer.
  held_poll(owner& waiting, io_thread& thread, std::string called,
            std::shared_ptr<engine_session> of, http_headers common);

  ~held_poll() override;

  // -- on any thread, one of these once ---------------------------------------

  /// Answers a GET with packets, behind which the session goes on or ends.
  void say(std::string payload, bool more);

  /// Answers a POST.
  void say_ok();

  void refuse(engine_error why);

private:
  void finish(http_response what);

  /// What was said to a GET is lost, or nobody waits for it.
  void abandoned() override;

  std::shared_ptr<engine_session> of_;
  http_headers common_;
};

} // namespace flamigo::detail
