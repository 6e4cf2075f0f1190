from .importing import policy_documents as policy_documents
from .importing import policy_evidence as policy_evidence
from .importing import read_policies as read_policies
from .importing import write_policies as write_policies
from .index import PolicyIndex as PolicyIndex
