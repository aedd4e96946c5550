#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/remote/detail/remote_runtime.hpp"

namespace flamigo::detail {

/// The answer to a question, from any thread: the first counts, and who lets go
/// of it without one has failed.
class reply_once {
public:
  reply_once(std::weak_ptr<remote_runtime> at, remote_answer_function reply)
    : at_(std::move(at)), reply_(std::move(reply)) {
  }

  reply_once(const reply_once&) = delete;

  reply_once& operator=(const reply_once&) = delete;

  ~reply_once() {
    guarded_or_logged(
      [this] { give(internal_error("nobody has answered the question")); },
      [] { return std::string{"a question of a server"}; });
  }

  void give(caf::expected<std::string> what) {
    auto runtime = given_.exchange(true) ? nullptr : at_.lock();
    if (runtime)
      runtime->post([reply = reply_, what = std::move(what)](auto&) mutable {
        reply(std::move(what));
      });
  }

private:
  std::weak_ptr<remote_runtime> at_;
  remote_answer_function reply_;
  std::atomic<bool> given_ = false;
};

} // namespace flamigo::detail
