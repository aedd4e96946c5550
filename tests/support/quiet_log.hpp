#pragma once

#include "flamigo/log/log.hpp"

namespace flamigo::test {

/// Nothing is logged while it is there.
class quiet_log {
public:
  quiet_log() {
    log::set_level(log::level::off);
  }

  quiet_log(const quiet_log&) = delete;

  quiet_log& operator=(const quiet_log&) = delete;

  ~quiet_log() {
    log::set_level(log::level::info);
  }
};

} // namespace flamigo::test
