#include "deployment.hpp"

#include <boost/url/src.hpp>
#include <boost/url/url_view.hpp>

#include "failure.hpp"

namespace flamigo::tool {

deployment deployment::parse(std::string_view url) {
  auto read = boost::urls::parse_uri(boost::core::string_view{url});
  auto scheme = read ? std::string{read->scheme()} : std::string{};
  auto secure = scheme == "https" || scheme == "wss";
  if ((!secure && scheme != "http" && scheme != "ws") || read->host().empty())
    throw failure{"\"" + std::string{url}
                  + "\" is no address of a server: write http:// or https://, "
                    "its name, and its port if it is not the usual one"};
  deployment result;
  result.secure = secure;
  result.host = read->encoded_host_address();
  result.port = read->has_port() && !read->port().empty()
                  ? std::string{read->port()}
                : secure ? "443"
                         : "80";
  result.path = std::string{read->encoded_path()};
  if (result.path.empty() || result.path == "/")
    result.path = "/ws";
  return result;
}

std::string deployment::authority() const {
  // An address of IPv6 has colons of its own.
  auto name = host.find(':') != std::string::npos ? "[" + host + "]" : host;
  return port == (secure ? "443" : "80") ? name : name + ":" + port;
}

std::string deployment::origin() const {
  return (secure ? "https://" : "http://") + authority();
}

std::string deployment::beside(std::string_view name) const {
  return path.substr(0, path.rfind('/')).append(name);
}

} // namespace flamigo::tool
