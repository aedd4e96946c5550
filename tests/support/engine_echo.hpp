#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "flamigo/engineio/detail/engine_service.hpp"

namespace flamigo::test {

/// Sends back what it is sent, and counts.
class engine_echo final : public detail::engine_service {
public:
  class session final : public detail::engine_session::owner {
  public:
    session(engine_echo& of, std::shared_ptr<detail::engine_session> what)
      : of_(of), out_(std::move(what)) {
      ++of_.open;
    }

    void text(std::string_view message) override {
      ++of_.texts;
      if (message == of_.ends_by)
        out_->end({close_code::kicked, "out"});
      else
        out_->send({}, message);
    }

    void binary(std::string_view bytes) override {
      out_->send_binary(bytes);
    }

    void upgraded() override {
      ++of_.upgrades;
    }

    void relieved() override {
      ++of_.reliefs;
    }

    void draining() override {
      if (!of_.waits)
        out_->end({close_code::shutting_down, "bye"});
    }

    void ended(const close_reason& why) override {
      --of_.open;
      of_.last_code = why.code;
      out_ = nullptr;
    }

  private:
    engine_echo& of_;
    std::shared_ptr<detail::engine_session> out_;
  };

  std::shared_ptr<detail::engine_session::owner>
  accept(std::shared_ptr<detail::engine_session> what) override {
    if (keeps_last)
      last = what;
    return std::make_shared<session>(*this, std::move(what));
  }

  /// The session that began last, for tests on one thread.
  std::shared_ptr<detail::engine_session> last;
  bool keeps_last = false;
  /// It ends a session that sends this.
  std::string ends_by = "the end";
  /// Whether sessions that drain end later.
  bool waits = false;
  std::atomic<int> open = 0;
  std::atomic<int> texts = 0;
  std::atomic<int> upgrades = 0;
  std::atomic<int> reliefs = 0;
  std::atomic<int> last_code = 0;
};

} // namespace flamigo::test
