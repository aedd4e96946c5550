#include "flamigo/cluster/detail/nats_options.hpp"

#include <cstdint>
#include <stdexcept>
#include <vector>

#include <unistd.h>

#include "flamigo/cluster/detail/nats_urls.hpp"

namespace flamigo::detail {

namespace {

/// Milliseconds: how soon it notices that a server is dead, and tries again.
constexpr std::int64_t ping_interval = 5'000;
constexpr std::int64_t reconnect_wait = 250;

/// How long it may take to connect, and to write to a server that does not
/// read.
constexpr std::int64_t connect_timeout = 1'000;
constexpr std::int64_t write_timeout = 1'000;

/// The library finds out when it connects, and tries again for ever.
void check_file(const std::string& path, const std::string& option) {
  if (!path.empty() && ::access(path.c_str(), R_OK) != 0)
    throw std::invalid_argument{option + " \"" + path + "\" cannot be read"};
}

} // namespace

void free_nats_options::operator()(natsOptions* x) const noexcept {
  natsOptions_Destroy(x);
}

void check_nats(natsStatus status, const std::string& what) {
  if (status == NATS_OK)
    return;
  auto* detail = nats_GetLastError(nullptr);
  throw std::invalid_argument{what + ": "
                              + (detail != nullptr && *detail != '\0'
                                   ? detail
                                   : natsStatus_GetText(status))};
}

nats_options make_nats_options(const cluster_options& from) {
  natsOptions* made = nullptr;
  check_nats(natsOptions_Create(&made), "--nats-url");
  nats_options result{made};
  auto urls = read_nats_urls(from.nats_url);
  std::vector<const char*> servers;
  for (auto& url : urls)
    servers.push_back(url.c_str());
  check_nats(natsOptions_SetServers(made, servers.data(),
                                    static_cast<int>(servers.size())),
             "--nats-url \"" + shown_nats_urls(from.nats_url) + "\"");
  // The library takes it for nats:// otherwise.
  for (auto& url : urls)
    if (url.starts_with("tls://"))
      check_nats(natsOptions_SetSecure(made, true), "--nats-url");
  check_file(from.nats_credentials, "--nats-credentials");
  check_file(from.nats_ca, "--nats-ca");
  if (!from.nats_credentials.empty())
    check_nats(natsOptions_SetUserCredentialsFromFiles(
                 made, from.nats_credentials.c_str(), nullptr),
               "--nats-credentials \"" + from.nats_credentials + "\"");
  if (!from.nats_ca.empty()) {
    check_nats(natsOptions_SetSecure(made, true), "--nats-ca");
    check_nats(natsOptions_LoadCATrustedCertificates(made,
                                                     from.nats_ca.c_str()),
               "--nats-ca \"" + from.nats_ca + "\"");
  }
  natsOptions_SetName(made, from.name.c_str());
  // The library's own limits: 60 tries, and a ping every two minutes.
  natsOptions_SetMaxReconnect(made, -1);
  natsOptions_SetReconnectWait(made, reconnect_wait);
  natsOptions_SetPingInterval(made, ping_interval);
  natsOptions_SetTimeout(made, connect_timeout);
  // Else who publishes waits as long as the server does.
  natsOptions_SetWriteDeadline(made, write_timeout);
  natsOptions_SetReconnectBufSize(made, max_nats_waiting);
  return result;
}

} // namespace flamigo::detail
