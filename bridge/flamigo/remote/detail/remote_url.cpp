#include "flamigo/remote/detail/remote_url.hpp"

#include <stdexcept>

#include "flamigo/http/detail/authority.hpp"

namespace flamigo::detail {

remote_url parse_remote_url(std::string_view text) {
  auto refuse = [&](const char* why) {
    throw std::invalid_argument{"the URL \"" + std::string{text} + "\" " + why
                                + ": write one like wss://example.org/ws"};
  };
  remote_url result;
  auto rest = text;
  if (rest.starts_with("wss://"))
    result.secure = true;
  else if (!rest.starts_with("ws://"))
    refuse("begins with neither ws:// nor wss://");
  rest.remove_prefix(result.secure ? 6 : 5);
  auto end = rest.find_first_of("/?#");
  auto written = rest.substr(0, end);
  if (end != rest.npos)
    result.target = rest.substr(end, rest.find('#') - end);
  if (!result.target.starts_with('/'))
    result.target.insert(0, "/");
  if (written.find('@') != written.npos)
    refuse("has a user, which WebSockets do not take");
  auto where = parse_authority(written);
  auto without_port = parse_authority(written.substr(0, written.rfind(':')));
  if (!where && without_port && !without_port->host.empty())
    refuse("has a port that is no number from 1 to 65535");
  if (!where || where->host.empty())
    refuse("has no host");
  if (result.target.find_first_of(" \r\n\t") != std::string::npos)
    refuse("has white space");
  result.host = where->host;
  if (result.host.front() == '[')
    result.host = result.host.substr(1, result.host.size() - 2);
  auto usual = result.secure ? 443U : 80U;
  result.port = std::to_string(where->port != 0 ? where->port : usual);
  result.authority = written;
  return result;
}

} // namespace flamigo::detail
