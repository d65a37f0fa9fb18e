#include "dissect/observer.h"

#include "base/text.h"
#include "dissect/redaction.h"

namespace bedrail {
namespace {
constexpr std::size_t kNameLimit = 255;
constexpr std::size_t kClueLimit = 512;
}  // namespace

void Observer::name(const Party& who, std::string_view kind, std::string_view raw) {
  std::string text = clean_text(raw, kNameLimit);
  if (!text.empty()) emit(who, {}, NameHeard{kind, std::move(text)});
}

void Observer::clue(const Party& who, std::string_view key, std::string_view raw, Role role) {
  std::string text = without_secret(clean_text(raw, kClueLimit));
  if (!text.empty()) emit(who, {}, Clue{key, std::move(text), role});
}

void Observer::service(std::string_view protocol, std::string_view product, std::string_view version,
                       bool encrypted) {
  service_at(server(), {flow_->key.transport, flow_->key.server.port, protocol, std::string(product),
                        std::string(version), encrypted});
}

void Observer::service_at(const Party& who, ServiceOffered offered) {
  offered.product = without_secret(clean_text(offered.product));
  offered.version = without_secret(clean_text(offered.version));
  emit(who, {}, std::move(offered));
}

void Observer::used(const Party& who, std::string_view protocol, std::string_view version, bool agreed) {
  emit(who, {}, ProtocolUsed{protocol, clean_text(version, 32), agreed});
}

void Observer::patient_data(const Party& who, const Party& peer, std::string_view message,
                            std::string_view fields) {
  emit(who, peer, PatientDataSeen{protocol_, clean_text(message, 32), std::string(fields)});
}

void Observer::message(const Party& from, const Party& to, std::string_view message,
                       std::string_view status) {
  emit(from, to, MessageSeen{protocol_, clean_text(message, 48), clean_text(status, 32)});
}

void Observer::neighbour(const Party& who, std::string_view port) {
  emit(who, {}, LinkNeighbour{protocol_, clean_text(port, 64)});
}

}  // namespace bedrail
