#include "features.hpp"

#include <algorithm>

#include "failure.hpp"
#include "words.hpp"

namespace flamigo::tool {

std::string to_string(feature x) {
  switch (x) {
    case feature::websocket:
      return "websocket";
    case feature::socketio:
      return "socketio";
    case feature::auth:
      return "auth";
    case feature::page:
      return "page";
    case feature::config:
      return "config";
    case feature::cluster:
      return "cluster";
    case feature::example:
      return "example";
  }
  return {};
}

feature feature_of(std::string_view name) {
  auto i = std::find_if(all_features.begin(), all_features.end(),
                        [&](feature x) { return to_string(x) == name; });
  if (i == all_features.end())
    throw failure{
      "there is no feature \"" + std::string{name}
      + "\": choose among websocket, socketio, auth, page, "
        "config, cluster and example, separated by commas, or none"};
  return *i;
}

std::string_view describe(feature x) noexcept {
  switch (x) {
    case feature::websocket:
      return "clients connect and call strategies; only now, not later";
    case feature::socketio:
      return "so do the stock clients of Socket.IO";
    case feature::auth:
      return "clients have to log in";
    case feature::page:
      return "a web page in TypeScript, by Vite, with types of the program";
    case feature::config:
      return "a configuration file for each environment";
    case feature::cluster:
      return "several nodes are one system, by NATS";
    case feature::example:
      return "a domain \"notes\", with its test";
  }
  return {};
}

features features::usual() {
  features result;
  result.set_ = {feature::websocket, feature::config, feature::example};
  return result;
}

features features::parse(std::string_view list) {
  features result;
  if (list == "none")
    return result;
  for (auto& word : words_of(list))
    result.add(feature_of(word));
  result.check();
  return result;
}

void features::check() const {
  for (auto x : set_)
    if (needs_websocket(x) && !has(feature::websocket))
      throw failure{to_string(x)
                    + " needs websocket, which brings the clients: choose "
                      "websocket,"
                    + to_string(x)};
}

std::string features::text() const {
  std::string result;
  for (auto x : set_)
    result += (result.empty() ? "" : ",") + to_string(x);
  return result.empty() ? "none" : result;
}

} // namespace flamigo::tool
