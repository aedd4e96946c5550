#include "flamigo/remote/detail/remote_check.hpp"

#include <stdexcept>
#include <string>

namespace flamigo::detail {

void check_remote_options(const remote_options& x) {
  auto refuse_if = [](bool is_wrong, const std::string& what) {
    if (is_wrong)
      throw std::invalid_argument{"remote_options::" + what};
  };
  auto refuse_unless_longer = [&](caf::timespan time, const char* name) {
    refuse_if(time.count() <= 0,
              std::string{name} + " is no time: give more than 0");
  };
  refuse_unless_longer(x.timeout, "timeout");
  refuse_unless_longer(x.min_delay, "min_delay");
  refuse_unless_longer(x.connect_timeout, "connect_timeout");
  refuse_unless_longer(x.patience, "patience");
  refuse_if(x.heartbeat.count() < 0,
            "heartbeat is negative: give a time, or 0 for none");
  refuse_if(x.max_delay < x.min_delay,
            "max_delay is less than min_delay: give at least as much");
  refuse_if(x.max_in_flight == 0,
            "max_in_flight is 0: no call would ever be sent; give at least 1");
  refuse_if(x.max_message_bytes == 0,
            "max_message_bytes is 0: no message would be taken");
}

} // namespace flamigo::detail
