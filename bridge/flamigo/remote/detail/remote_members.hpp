#pragma once

#include <string>
#include <vector>

#include "flamigo/remote/remote_presence.hpp"

namespace flamigo::detail {

/// Who is in a channel, as the list and its changes say.
class remote_members {
public:
  /// The list, of a connection that was opened anew perhaps.
  remote_presence replace(std::vector<presence_entry> list);

  /// Takes out who has left, then puts in who has joined.
  remote_presence change(std::vector<presence_entry> joined,
                         std::vector<std::string> left);

private:
  std::vector<presence_entry> all_;
};

} // namespace flamigo::detail
